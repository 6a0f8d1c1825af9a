#include "cli/client/node_file.hpp"
#include "tests/unit/cli/cli_fixture.hpp"

using namespace troupe;
using test::cli_fixture;

namespace {

struct unreachable : cli::http_transport {
  result<cli::http_reply> send(const cli::http_call&) override {
    return fail(fault::unavailable, "cannot reach a node", "start one with: troupe up");
  }
};

/// A node in this process that is the fake one.
struct hosted_fake : cli::hosted_node {
  hosted_fake(test::fake_node& node, std::vector<std::string>& log)
      : node_(node)
      , log_(log) {}
  ~hosted_fake() override { log_.emplace_back("ended"); }
  node_api& api() override { return node_; }
  void drain(milliseconds) override { log_.emplace_back("drained"); }

private:
  test::fake_node& node_;
  std::vector<std::string>& log_;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(finding_a_node, cli_fixture)

BOOST_AUTO_TEST_CASE(without_any_hint_it_is_on_port_7070) {
  troupe({"ps"});
  BOOST_TEST(urls.at(0) == "http://127.0.0.1:7070");
}

BOOST_AUTO_TEST_CASE(the_data_folder_names_the_node) {
  write(".troupe/node.json",
        R"({"pid":4711,"url":"http://127.0.0.1:5555","started":"2026-11-20T00:00:00.000Z"})");
  troupe({"ps"});
  BOOST_TEST(urls.at(0) == "http://127.0.0.1:5555");
}

BOOST_AUTO_TEST_CASE(another_data_folder_names_another_node) {
  write("other/node.json", R"({"pid":4711,"url":"http://127.0.0.1:6666"})");
  troupe({"ps", "--data", "other"});
  BOOST_TEST(urls.at(0) == "http://127.0.0.1:6666");
}

BOOST_AUTO_TEST_CASE(a_node_that_died_is_not_asked) {
  write(".troupe/node.json", R"({"pid":1,"url":"http://127.0.0.1:5555"})");
  troupe({"ps"});
  BOOST_TEST(urls.at(0) == "http://127.0.0.1:7070");
}

BOOST_AUTO_TEST_CASE(a_flag_wins_over_the_environment) {
  world.environment["TROUPE_URL"] = "http://127.0.0.1:1111";
  troupe({"ps", "--url", "http://127.0.0.1:2222/"});
  BOOST_TEST(urls.at(0) == "http://127.0.0.1:2222");
}

BOOST_AUTO_TEST_CASE(a_broken_node_file_is_told_with_the_way_out) {
  write(".troupe/node.json", "not json");
  BOOST_TEST(troupe({"ps"}) == 1);
  BOOST_TEST(err.str().find("hint: rm ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_node_is_3_and_says_how_to_start_one) {
  world.connect = [](const std::string&) { return std::make_unique<unreachable>(); };
  BOOST_TEST(troupe({"ps"}) == 3);
  BOOST_TEST(err.str().find("troupe up") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(as_json_errors_are_json_too) {
  world.connect = [](const std::string&) { return std::make_unique<unreachable>(); };
  troupe({"ps", "-o", "json"});
  BOOST_TEST(nlohmann::json::parse(err.str())["error"]["code"] == "unavailable");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(command_line, cli_fixture)

BOOST_AUTO_TEST_CASE(no_command_is_a_usage_error) { BOOST_TEST(troupe({}) == 2); }

BOOST_AUTO_TEST_CASE(an_unknown_command_is_a_usage_error) { BOOST_TEST(troupe({"dance"}) == 2); }

BOOST_AUTO_TEST_CASE(help_is_data_and_fine) {
  BOOST_TEST(troupe({"--help"}) == 0);
  BOOST_TEST(out.str().find("dead-letter") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(version_says_which) {
  BOOST_TEST(troupe({"version"}) == 0);
  BOOST_TEST(out.str() == "troupe 0.1.0\n");
}

BOOST_AUTO_TEST_CASE(completion_knows_every_command_and_its_options) {
  BOOST_TEST(troupe({"completion", "bash"}) == 0);
  BOOST_TEST(out.str().find("'troupe dead-letter') echo 'list show replay") != std::string::npos);
  BOOST_TEST(out.str().find("--wait") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(completion_speaks_fish) {
  BOOST_TEST(troupe({"completion", "fish"}) == 0);
  BOOST_TEST(out.str().find("complete -c troupe -n __fish_use_subcommand -f -a 'ps'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_terminal_owner_may_want_no_colour) {
  world.out_is_terminal = true;
  node.agents["desk/a"].state = agent_state::failed;
  troupe({"restart", "desk/a"});
  BOOST_TEST(out.str().find("\x1b[31mfailed") != std::string::npos);
  world.environment["NO_COLOR"] = "1";
  troupe({"restart", "desk/a"});
  BOOST_TEST(out.str().find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(settings_of_the_command, cli_fixture)

BOOST_AUTO_TEST_CASE(explain_shows_which_source_won) {
  write("troupe.yaml", "http:\n  port: 8080\n");
  world.environment["TROUPE_HTTP_PORT"] = "9090";
  BOOST_TEST(troupe({"config", "explain", "http.port"}) == 0);
  BOOST_TEST(out.str().find("9090") != std::string::npos);
  BOOST_TEST(out.str().find("troupe.yaml:2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(get_prints_one_value) {
  write("troupe.yaml", "http:\n  port: 8080\n");
  BOOST_TEST(troupe({"config", "get", "http.port"}) == 0);
  BOOST_TEST(out.str() == "8080\n");
}

BOOST_AUTO_TEST_CASE(an_unknown_key_is_4) { BOOST_TEST(troupe({"config", "get", "http.prot"}) == 4); }

BOOST_AUTO_TEST_CASE(validate_reports_each_error_with_its_place) {
  write("wrong.yaml", "http:\n  port: many\nnonsense: 1\n");
  BOOST_TEST(troupe({"config", "validate", "wrong.yaml"}) == 6);
  BOOST_TEST(out.str().find("wrong.yaml:2:") != std::string::npos);
  BOOST_TEST(out.str().find("wrong.yaml:3:") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(set_writes_the_file_that_is_read) {
  BOOST_TEST(troupe({"config", "set", "http.port", "8181"}) == 0);
  BOOST_TEST(troupe({"config", "get", "http.port"}) == 0);
  BOOST_TEST(out.str() == "8181\n");
}

BOOST_AUTO_TEST_CASE(show_lists_every_setting) {
  BOOST_TEST(troupe({"config", "show"}) == 0);
  BOOST_TEST(out.str().find("data.dir") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(health, cli_fixture)

BOOST_AUTO_TEST_CASE(a_healthy_machine_meets_all_checks) {
  write(".troupe/node.json", R"({"pid":4711,"url":"http://127.0.0.1:5555"})");
  BOOST_TEST(troupe({"doctor", "-o", "json"}) == 0);
  BOOST_TEST(document()["checks"].size() == 7u);
}

BOOST_AUTO_TEST_CASE(a_node_that_is_not_ready_is_6) {
  node.become_unready("the store failed");
  BOOST_TEST(troupe({"doctor"}) == 6);
  BOOST_TEST(out.str().find("the store failed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(wrong_settings_are_6) {
  write("troupe.yaml", "http: {port: many}\n");
  BOOST_TEST(troupe({"doctor"}) == 6);
}

BOOST_AUTO_TEST_CASE(bench_measures_disk_and_door) {
  std::filesystem::create_directories(folder / ".troupe");
  BOOST_TEST(troupe({"bench", "--rounds", "3", "-o", "json"}) == 0);
  BOOST_TEST(document()["results"].size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(going_up, cli_fixture)

BOOST_AUTO_TEST_CASE(up_prints_the_url_serves_and_drains) {
  std::vector<std::string> log;
  world.compose = [&](const auto&, const auto&) { return std::make_unique<hosted_fake>(node, log); };
  std::string announced;
  world.serve = [&](const std::function<void()>& drain, const std::function<void()>&) {
    announced = cli::read_node_file(file("data")).value().value().url;
    drain();
  };
  BOOST_TEST(troupe({"up", "--port", "0", "--data", "data"}) == 0);
  BOOST_TEST(out.str() == announced + "\n");
  BOOST_TEST(log == (std::vector<std::string>{"drained", "ended"}), boost::test_tools::per_element());
  BOOST_TEST(!std::filesystem::exists(file("data/node.json")));
}

BOOST_AUTO_TEST_CASE(a_store_that_cannot_be_opened_is_3_with_a_hint) {
  world.compose = [](const auto&, const auto&) -> result<std::unique_ptr<cli::hosted_node>> {
    return fail(fault::conflict, "another process owns ./.troupe", "troupe ps talks to it");
  };
  BOOST_TEST(troupe({"up", "--port", "0"}) == 3);
  BOOST_TEST(err.str().find("hint: troupe ps talks to it") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_address_beyond_this_machine_is_not_served) {
  std::vector<std::string> log;
  world.compose = [&](const auto&, const auto&) { return std::make_unique<hosted_fake>(node, log); };
  world.environment["TROUPE_HTTP_BIND"] = "0.0.0.0";
  BOOST_TEST(troupe({"up", "--port", "0"}) == 3);
}

BOOST_AUTO_TEST_SUITE_END()
