#include "cli/embedded.hpp"

#include "cli/compose.hpp"
#include "gateway/log/log.hpp"
#include "gateway/metrics/metric_sink.hpp"
#include "runtime/base/system_sources.hpp"

#include <future>
#include <iostream>
#include <nlohmann/json.hpp>

namespace troupe {
namespace {

constexpr milliseconds patience{30'000};

/// Warnings and errors go to standard error; an embedded node has nobody else to tell.
class stderr_sink final : public gateway::log_sink {
public:
  bool enabled(gateway::log_level level) const noexcept override { return level >= gateway::log_level::warn; }
  void write(const gateway::log_record& record) override {
    std::cerr << record.service << ": " << record.message << '\n';
  }
};

} // namespace

struct embedded::parts {
  std::unique_ptr<cli::hosted_node> node;

  result<inject_answer> inject(inject_request request) {
    auto promise = std::make_shared<std::promise<result<inject_answer>>>();
    auto come = promise->get_future();
    node->api().inject(std::move(request),
                       [promise](result<inject_answer> a) { promise->set_value(std::move(a)); });
    return come.get();
  }
};

result<embedded> embedded::start(const std::string& folder) {
  auto settings = config::default_node_settings();
  settings.data_dir = folder;
  auto clock = std::make_shared<system_clock_source>();
  cli::node_surroundings around{gateway::log_book(std::make_shared<stderr_sink>(), clock), nullptr};
  auto node = cli::compose_node(settings, around);
  if (!node)
    return tl::unexpected(node.error());
  auto made = std::make_unique<parts>();
  made->node = std::move(*node);
  return embedded(std::move(made));
}

embedded::embedded(std::unique_ptr<parts> made)
    : parts_(std::move(made)) {}
embedded::embedded(embedded&&) noexcept = default;
embedded& embedded::operator=(embedded&&) noexcept = default;

embedded::~embedded() {
  if (parts_)
    parts_->node->drain(patience);
}

result<json> embedded::ask(std::string_view agent, std::string type, const json& body) {
  auto to = agent_id::parse(agent);
  if (!to)
    return tl::unexpected(to.error());
  inject_request request;
  request.to = std::move(*to);
  request.type = std::move(type);
  request.body = body.dump();
  request.wait = patience;
  auto answered = parts_->inject(std::move(request));
  if (!answered)
    return tl::unexpected(answered.error());
  if (!answered->reply)
    return fail(fault::timeout, std::string(agent) + " did not answer within half a minute");
  if (!answered->reply->ok)
    return fail(fault::invalid, answered->reply->kind + ": " + answered->reply->message);
  return json::parse(answered->reply->body);
}

result<void> embedded::send(std::string_view agent, std::string type, const json& body) {
  auto to = agent_id::parse(agent);
  if (!to)
    return tl::unexpected(to.error());
  inject_request request;
  request.to = std::move(*to);
  request.type = std::move(type);
  request.body = body.dump();
  auto answered = parts_->inject(std::move(request));
  if (!answered)
    return tl::unexpected(answered.error());
  return {};
}

} // namespace troupe
