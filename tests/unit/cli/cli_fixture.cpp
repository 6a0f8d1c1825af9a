#include "tests/unit/cli/cli_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <fstream>
#include <unistd.h>

namespace troupe::test {

namespace {

std::filesystem::path fresh_folder() {
  static std::atomic<int> number{0};
  auto folder = std::filesystem::temp_directory_path() /
                ("troupe-cli-" + std::to_string(::getpid()) + "-" + std::to_string(++number));
  std::filesystem::create_directories(folder);
  return folder;
}

} // namespace

result<cli::http_reply> direct_transport::send(const cli::http_call& call) {
  gateway::raw_request request;
  request.method = gateway::method_named(call.method);
  request.target = call.target;
  request.body = call.body;
  request.headers = {{"host", "localhost"}, {"content-type", "application/json"}};
  for (const auto& [given, value] : call.headers) {
    auto name = given;
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    request.headers.emplace_back(name, value);
  }
  cli::http_reply reply;
  door_.handle(std::move(request), [&](const gateway::http_response& response) {
    reply.status = static_cast<int>(response.status);
    reply.body = response.body;
    reply.correlation = gateway::find_value(response.headers, "X-Correlation-Id").value_or("");
  });
  return reply;
}

cli_fixture::cli_fixture()
    : folder(fresh_folder())
    , world{out,
            err,
            in,
            false,
            false,
            {},
            folder.string(),
            4711,
            std::make_shared<fixed_clock>(),
            [this](const std::string& url) {
              urls.push_back(url);
              return std::make_unique<direct_transport>(door);
            },
            [this](milliseconds) { return pauses_left-- > 0; },
            [](int pid) { return pid == 4711; },
            [](const std::function<void()>& drain, const std::function<void()>&) { drain(); },
            {}} {
  agent_view agent;
  agent.id = agent_id::make("default", "desk", "a").value();
  agent.state = agent_state::idle;
  node.agents["desk/a"] = agent;
  node.itself.id = "node-a";
  node.itself.state = "up";
}

cli_fixture::~cli_fixture() { std::filesystem::remove_all(folder); }

int cli_fixture::troupe(const std::vector<std::string>& words) {
  out.str({});
  err.str({});
  return cli::run(words, world);
}

void cli_fixture::write(const std::string& name, const std::string& text) const {
  std::filesystem::create_directories((folder / name).parent_path());
  std::ofstream(folder / name) << text;
}

} // namespace troupe::test
