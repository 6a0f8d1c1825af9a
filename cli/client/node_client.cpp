#include "cli/client/node_client.hpp"

#include "gateway/http/target.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

constexpr std::size_t page_items_max = 1'000; // what the API gives out at once

constexpr std::array<fault, 12> faults{
    fault::invalid, fault::not_found, fault::conflict, fault::refused, fault::overloaded, fault::unavailable,
    fault::timeout, fault::canceled,  fault::fenced,   fault::corrupt, fault::full,       fault::internal};

fault fault_of(const std::string& code, int status) {
  for (auto known : faults)
    if (to_string(known) == code)
      return known;
  if (status >= 400 && status < 500)
    return fault::invalid;
  return fault::internal;
}

std::string text_at(const json& body, const char* name) {
  return body.is_object() && body.contains(name) && body[name].is_string() ? body[name].get<std::string>()
                                                                           : std::string{};
}

result<listing> take_page(listing so_far, const json& page, std::size_t limit) {
  if (!page.is_object() || !page.contains("items") || !page["items"].is_array())
    return fail(fault::internal, "the node's list has no items", "does another program listen there?");
  for (const auto& item : page["items"]) {
    if (so_far.items.size() == limit) {
      so_far.complete = false;
      return so_far;
    }
    so_far.items.push_back(item);
  }
  so_far.complete = text_at(page, "next_cursor").empty();
  return so_far;
}

} // namespace

node_client::node_client(std::unique_ptr<http_transport> transport, std::string url)
    : transport_(std::move(transport))
    , url_(std::move(url)) {}

error read_error(const json& body, int status) {
  const auto& inner = body.is_object() && body.contains("error") ? body["error"] : body;
  auto message = text_at(inner, "message");
  if (message.empty())
    message = "the node answered " + std::to_string(status) + " without a reason";
  return {fault_of(text_at(inner, "code"), status), std::move(message), text_at(inner, "hint")};
}

result<json> read_reply(const http_reply& reply) {
  auto body = json::parse(reply.body, nullptr, false);
  if (reply.status >= 400)
    return tl::unexpected(read_error(body, reply.status));
  if (body.is_discarded())
    return fail(fault::internal, "what answered speaks no JSON", "does another program listen there?");
  return body;
}

result<json> node_client::get(const std::string& target) {
  http_call call;
  call.target = target;
  return send(call).and_then(read_reply);
}

result<json> node_client::post(const std::string& target, const json& body) {
  http_call call;
  call.method = "POST";
  call.target = target;
  call.body = body.dump();
  return send(call).and_then(read_reply);
}

result<listing> fetch_list(node_client& node, const std::string& path, const std::string& query,
                           std::size_t limit) {
  listing all;
  std::string cursor;
  do {
    auto target = path + "?limit=" + std::to_string(std::min(limit, page_items_max)) + query;
    if (!cursor.empty())
      target += "&cursor=" + cursor;
    auto page = node.get(target);
    if (!page)
      return tl::unexpected(page.error());
    auto longer = take_page(std::move(all), *page, limit);
    if (!longer)
      return longer;
    all = std::move(*longer);
    cursor = text_at(*page, "next_cursor");
  } while (!all.complete && all.items.size() < limit);
  return all;
}

result<std::string> agent_path(const std::string& agent) {
  auto id = agent_id::parse(agent);
  if (!id)
    return tl::unexpected(id.error());
  if (id->tenant() != "default")
    return fail(fault::refused, "only agents of the default tenant can be reached here",
                "leave @TENANT/ out");
  return "/v1/agents/" + gateway::percent_encode(id->kind()) + "/" + gateway::percent_encode(id->key());
}

} // namespace troupe::cli
