#pragma once

#include "cli/run.hpp"
#include "gateway/api/routes.hpp"
#include "gateway/http/dispatcher.hpp"
#include "tests/support/fake_node.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

namespace troupe::test {

/// The API itself in place of a connection to it.
class direct_transport : public cli::http_transport {
public:
  explicit direct_transport(const gateway::dispatcher& door)
      : door_(door) {}
  result<cli::http_reply> send(const cli::http_call& call) override;

private:
  const gateway::dispatcher& door_;
};

struct fixed_clock : clock_source {
  instant now() override { return from_ms(1'780'000'000'000); }
};

/// The command before a fake node with the agent desk/a, in a folder of its own.
struct cli_fixture {
  cli_fixture();
  ~cli_fixture();

  /// `troupe WORDS...`; what it wrote is in `out` and `err`.
  int troupe(const std::vector<std::string>& words);
  nlohmann::json document() const { return nlohmann::json::parse(out.str()); }
  std::string file(const std::string& name) const { return (folder / name).string(); }
  void write(const std::string& name, const std::string& text) const;

  fake_node node;
  gateway::http_limits limits;
  gateway::dispatcher door{gateway::make_routes({node, limits, std::make_shared<gateway::metric_registry>(),
                                                 [] { return std::size_t{0}; }}),
                           limits,
                           [] { return std::string("DRAWN"); },
                           {}};
  std::filesystem::path folder;
  std::ostringstream out;
  std::ostringstream err;
  std::istringstream in;
  std::vector<std::string> urls; // connected to
  int pauses_left = 0;
  cli::surroundings world;
};

} // namespace troupe::test
