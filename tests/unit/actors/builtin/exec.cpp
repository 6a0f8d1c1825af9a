#include "actors/builtin/exec_executor.hpp"

#include "tests/unit/actors/builtin/stage.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace troupe::builtin {
namespace {

using namespace fakes;

struct stage {
  outcome run_it(const json& with) { return carried_out(executor, request("exec.run", with)); }
  clock time;
  secret_vault secrets = vault();
  exec_executor executor{
      secrets,
      time,
      {*read_allowed_commands("cat=/bin/cat, echo=/bin/echo, env=/usr/bin/env, sh=/bin/sh, gone=/no/such, "
                              "pwd=/bin/pwd, sleep=/bin/sleep"),
       milliseconds(20'000), 1'000}};
};

BOOST_AUTO_TEST_SUITE(builtin_exec)

BOOST_AUTO_TEST_CASE(an_allowed_command_gives_its_code_and_what_it_wrote) {
  stage s;
  BOOST_TEST(
      said(s.run_it({{"command", "sh"}, {"args", {"-c", "cat; echo no >&2; exit 4"}}, {"stdin", "in"}})) ==
      (json{{"code", 4}, {"stdout", "in"}, {"stderr", "no\n"}}));
}

BOOST_AUTO_TEST_CASE(arguments_are_words_and_never_a_command_line) {
  stage s;
  BOOST_TEST(said(s.run_it({{"command", "echo"}, {"args", {"a; b", "$HOME", 7, true}}}))["stdout"] ==
             "a; b $HOME 7 true\n");
}

BOOST_AUTO_TEST_CASE(input_that_is_no_text_is_json) {
  stage s;
  BOOST_TEST(said(s.run_it({{"command", "cat"}, {"stdin", {{"a", 1}}}}))["stdout"] == R"({"a":1})");
}

BOOST_AUTO_TEST_CASE(a_command_sees_nothing_of_the_node) {
  stage s;
  BOOST_TEST(said(s.run_it({{"command", "env"}}))["stdout"] == "PATH=/usr/bin:/bin\nLANG=C.UTF-8\n");
  BOOST_TEST(said(s.run_it({{"command", "pwd"}}))["stdout"] == "/\n");
}

BOOST_AUTO_TEST_CASE(what_is_not_allowed_by_name_is_rejected) {
  stage s;
  const auto failed = s.run_it({{"command", "/bin/cat"}});
  BOOST_TEST(failed.kind == "rejected");
  BOOST_TEST(failed.message.find("exec.allow names: cat, echo") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_step_may_want_less_time_but_not_more) {
  stage s;
  BOOST_TEST(s.run_it({{"command", "sleep"}, {"args", {"60"}}, {"timeout", "100ms"}}).kind == "timeout");
  exec_executor strict(s.secrets, s.time,
                       {*read_allowed_commands("sleep=/bin/sleep"), milliseconds(100), 1'000});
  BOOST_TEST(
      carried_out(strict, request("exec.run", {{"command", "sleep"}, {"args", {"60"}}, {"timeout", "1h"}}))
          .kind == "timeout");
}

BOOST_AUTO_TEST_CASE(more_output_than_allowed_is_an_error) {
  stage s;
  const auto failed = s.run_it({{"command", "sh"}, {"args", {"-c", "while :; do echo x; done"}}});
  BOOST_TEST(said(failed) == "invalid: sh wrote more than 1000 bytes and was killed");
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_is_unavailable) {
  stage s;
  BOOST_TEST(s.run_it({{"command", "gone"}}).kind == "unavailable");
}

BOOST_AUTO_TEST_CASE(a_signal_is_a_code_as_in_shells) {
  stage s;
  BOOST_TEST(said(s.run_it({{"command", "sh"}, {"args", {"-c", "kill -TERM $$"}}}))["code"] == 128 + 15);
}

BOOST_AUTO_TEST_CASE(secrets_go_through_stdin_and_come_back_masked) {
  stage s;
  const auto reference = s.secrets.make_reference("TOKEN", run);
  BOOST_TEST(said(s.run_it({{"command", "cat"}, {"stdin", "key " + reference}}))["stdout"] == "key ***");
  BOOST_TEST(s.run_it({{"command", "echo"}, {"args", {reference}}}).kind == "invalid");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_replaced) {
  stage s;
  BOOST_TEST(said(s.run_it({{"command", "sh"}, {"args", {"-c", "printf '\\377'"}}}))["stdout"] ==
             "\xEF\xBF\xBD");
}

const char* const mistakes[] = {R"([])",
                                R"({})",
                                R"({"command": 7})",
                                R"({"command": "cat", "args": "x"})",
                                R"({"command": "cat", "args": [{}]})",
                                R"({"command": "cat", "args": ["a\u0000b"]})",
                                R"({"command": "cat", "timeout": 5})",
                                R"({"command": "cat", "env": {}})"};

BOOST_DATA_TEST_CASE(a_mistake_is_invalid, boost::unit_test::data::make(mistakes)) {
  stage s;
  BOOST_TEST(s.run_it(json::parse(sample)).kind == "invalid");
}

BOOST_AUTO_TEST_CASE(too_many_or_too_long_arguments_are_invalid) {
  stage s;
  BOOST_TEST(s.run_it({{"command", "echo"}, {"args", json(std::vector<int>(257, 1))}}).kind == "invalid");
  BOOST_TEST(s.run_it({{"command", "echo"}, {"args", {std::string(70'000, 'x')}}}).kind == "invalid");
}

BOOST_AUTO_TEST_CASE(the_allowed_commands_are_names_with_absolute_paths) {
  BOOST_TEST(read_allowed_commands("")->empty());
  BOOST_TEST(read_allowed_commands(" a=/b ,c-d=/e f ").value().at("c-d") == "/e f");
  for (const char* bad : {"cat", "cat=", "cat=bin/cat", "=/bin/cat", "a b=/c", "a=/b,a=/c"})
    BOOST_TEST(!read_allowed_commands(bad).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::builtin
