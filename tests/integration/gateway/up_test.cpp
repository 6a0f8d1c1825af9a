#include "tests/integration/gateway/command_process.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>

using namespace troupe::test;

namespace {

int exit_code_of(const std::vector<std::string>& words, const scratch_folder& folder) {
  return command_process(words, folder.path()).wait();
}

std::string first_line_of(const std::vector<std::string>& words, const scratch_folder& folder) {
  return command_process(words, folder.path()).read_line();
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_whole_node)

BOOST_AUTO_TEST_CASE(up_serves_commands_and_drains_on_a_signal) {
  const scratch_folder folder;
  command_process node({"up", "--port", "0"}, folder.path());
  BOOST_TEST(node.read_line().starts_with("http://127.0.0.1:"));
  BOOST_TEST(exit_code_of({"send", "floor.desk/a", R"({"name":"a"})", "--type", "show", "--wait"}, folder) ==
             0);
  BOOST_TEST(exit_code_of({"inspect", "floor.desk/a"}, folder) == 0);
  BOOST_TEST(exit_code_of({"inspect", "floor.desk/nobody"}, folder) == 4);
  BOOST_TEST(first_line_of({"ps", "nodes"}, folder).starts_with("NODE"));
  node.send_signal(SIGTERM);
  BOOST_TEST(node.wait() == 0);
  BOOST_TEST(!std::filesystem::exists(folder.path() + "/.troupe/node.json"));
}

BOOST_AUTO_TEST_CASE(a_data_folder_in_use_is_3) {
  const scratch_folder folder;
  command_process first({"up", "--port", "0"}, folder.path());
  BOOST_TEST(!first.read_line().empty());
  BOOST_TEST(exit_code_of({"up", "--port", "0"}, folder) == 3);
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_be_read_keep_a_node_from_starting) {
  const scratch_folder folder;
  BOOST_TEST(exit_code_of({"up", "--port", "many"}, folder) == 3);
}

BOOST_AUTO_TEST_CASE(without_a_node_commands_are_3) {
  const scratch_folder folder;
  BOOST_TEST(exit_code_of({"ps", "--url", "http://127.0.0.1:1"}, folder) == 3);
}

BOOST_AUTO_TEST_CASE(an_idempotent_message_has_one_id) {
  const scratch_folder folder;
  command_process node({"up", "--port", "0"}, folder.path());
  BOOST_TEST(!node.read_line().empty());
  const std::vector<std::string> words{"send", "floor.desk/a", "{}", "-t", "show", "--idempotency-key", "k"};
  const auto first = first_line_of(words, folder);
  BOOST_TEST(!first.empty());
  BOOST_TEST(first_line_of(words, folder) == first);
}

BOOST_AUTO_TEST_SUITE_END()
