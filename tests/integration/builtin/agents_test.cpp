#include "cli/embedded.hpp"
#include "tests/support/http_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdlib.h>

namespace troupe {
namespace {

using testing::json_answer;

/// A whole node in a folder of its own.
struct stage {
  stage() {
    std::string pattern = (std::filesystem::temp_directory_path() / "troupe-agents-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder = pattern;
    auto started = embedded::start(folder.string());
    BOOST_REQUIRE(started.has_value());
    node.emplace(std::move(*started));
  }
  ~stage() {
    node.reset();
    std::filesystem::remove_all(folder);
  }
  json ask(std::string_view agent, std::string type, const json& body) {
    auto answer = node->ask(agent, std::move(type), body);
    return answer ? *answer : json(answer.error().message);
  }
  std::filesystem::path folder;
  std::optional<embedded> node;
};

BOOST_AUTO_TEST_SUITE(builtin_agents)

BOOST_AUTO_TEST_CASE(an_agent_of_kind_http_asks_the_outside) {
  testing::http_fixture service({json_answer(200, R"({"n": 1})")});
  stage s;
  BOOST_TEST(s.ask("http/x", "get", {{"url", service.url()}})["body"] == (json{{"n", 1}}));
  BOOST_TEST(!service.seen().at(0).headers.at("idempotency-key").empty());
}

BOOST_AUTO_TEST_CASE(a_mail_to_an_agent_lands_in_the_nodes_spool) {
  stage s;
  const auto sent = s.ask("mail/x", "send", {{"to", "a@example.org"}, {"subject", "Hi"}, {"body", "Hello"}});
  BOOST_REQUIRE_MESSAGE(sent.is_object(), sent.dump());
  BOOST_TEST(sent["id"].get<std::string>().ends_with("@localhost"));
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(s.folder / "mail"), {}) == 1);
}

BOOST_AUTO_TEST_CASE(computing_agents_answer_too) {
  stage s;
  BOOST_TEST(s.ask("transform/x", "jq", {{"program", ".a + 1"}, {"input", {{"a", 41}}}}) == 42);
  BOOST_TEST(s.ask("transform/x", "apply", {{"value", "v"}}) == "v");
  const json table{{"rules", {{{"when", "facts.n > 1"}, {"add", 5}}}}};
  BOOST_TEST(s.ask("decision/x", "evaluate", {{"table", table}, {"facts", {{"n", 2}}}})["score"] == 5);
}

BOOST_AUTO_TEST_CASE(a_command_that_the_settings_do_not_allow_fails_its_caller) {
  stage s;
  BOOST_TEST(s.ask("exec/x", "run", {{"command", "rm"}}).dump().find("allows no command rm") !=
             std::string::npos);
  BOOST_TEST(s.ask("log/x", "write", {{"message", "hello"}}) == json());
}

BOOST_AUTO_TEST_CASE(the_key_for_secret_references_lies_in_the_data_folder) {
  stage s;
  BOOST_TEST(std::filesystem::file_size(s.folder / "secrets.key") == 32U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe
