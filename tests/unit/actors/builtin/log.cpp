#include "actors/builtin/log_executor.hpp"

#include "runtime/agent/kind.hpp"
#include "tests/unit/actors/builtin/stage.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace troupe::builtin {
namespace {

using namespace fakes;

struct stage {
  outcome write(const json& with) { return carried_out(executor, request("log.write", with)); }
  std::vector<log_line> lines;
  log_executor executor{[this](const log_line& line) { lines.push_back(line); }};
};

BOOST_AUTO_TEST_SUITE(builtin_log)

BOOST_AUTO_TEST_CASE(a_line_has_level_message_fields_and_who_said_it) {
  stage s;
  BOOST_TEST(said(s.write({{"level", "warn"}, {"message", "low stock"}, {"fields", {{"left", 3}}}})) ==
             json());
  BOOST_TEST((s.lines.at(0).level == "warn" && s.lines[0].message == "low stock" &&
              s.lines[0].fields == R"({"left":3})"));
  BOOST_TEST((s.lines[0].agent == run && s.lines[0].key == "key-1"));
}

BOOST_AUTO_TEST_CASE(without_a_level_it_is_info) {
  stage s;
  s.write({{"message", "hello"}});
  BOOST_TEST((s.lines.at(0).level == "info" && s.lines[0].fields == "{}"));
}

BOOST_AUTO_TEST_CASE(a_reference_to_a_secret_stays_one) {
  stage s;
  const auto reference = vault().make_reference("TOKEN", run);
  s.write({{"message", reference}});
  BOOST_TEST(s.lines.at(0).message == reference);
}

BOOST_AUTO_TEST_CASE(a_log_that_cannot_be_written_is_told) {
  log_executor broken([](const log_line&) { throw std::runtime_error("disk full"); });
  BOOST_TEST(said(carried_out(broken, request("log.write", {{"message", "x"}}))) == "unavailable: disk full");
}

const char* const mistakes[] = {R"([])",
                                R"({})",
                                R"({"message": 7})",
                                R"({"message": "x", "level": "loud"})",
                                R"({"message": "x", "level": 7})",
                                R"({"message": "x", "fields": []})",
                                R"({"message": "x", "felds": {}})"};

BOOST_DATA_TEST_CASE(a_mistake_is_invalid_and_writes_nothing, boost::unit_test::data::make(mistakes)) {
  stage s;
  BOOST_TEST(s.write(json::parse(sample)).kind == "invalid");
  BOOST_TEST(s.lines.empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(the_outside_agents_are_kinds_of_the_program) {
  const auto kinds = kind_registry::of_this_program();
  BOOST_REQUIRE(kinds.has_value());
  for (const auto* name : {"http", "mail", "log", "exec"}) {
    BOOST_REQUIRE(kinds->find(name) != nullptr);
    BOOST_TEST((kinds->find(name)->how == discipline::interleaved));
  }
  BOOST_TEST(kinds->find("http")->find("post") != nullptr);
  BOOST_TEST(kinds->find("mail")->find("lookup") != nullptr);
}

} // namespace
} // namespace troupe::builtin
