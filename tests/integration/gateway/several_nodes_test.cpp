// `up --nodes`: processes that end are started again, and commands find those that run.
#include "cli/client/node_file.hpp"
#include "tests/integration/gateway/command_process.hpp"

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace troupe;
using namespace troupe::test;

namespace {

/// Looks until it is so, for at most a minute.
bool soon(const std::function<bool()>& what) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!what()) {
    if (std::chrono::steady_clock::now() > until)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

/// Somebody else's socket on a port.
class squatter {
public:
  squatter()
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const int on = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  }
  ~squatter() { ::close(socket_); }
  squatter(const squatter&) = delete;
  bool take(const std::string& url) const {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    return ::bind(socket_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0 &&
           ::listen(socket_, 1) == 0;
  }

private:
  int socket_;
};

/// PostgreSQL runs as a user of its own where we are root.
struct open_folder : scratch_folder {
  open_folder() { std::filesystem::permissions(path(), std::filesystem::perms(0755)); }
};

struct two_nodes {
  two_nodes()
      : all({"up", "--port", "0", "--nodes", "2"}, folder.path())
      , first(all.read_line())
      , second(all.read_line()) {
    BOOST_REQUIRE(!second.empty());
  }
  /// Where a node listens, or all of them for the commands: its node.json.
  cli::node_file card(const std::string& of = "") const {
    auto read = cli::read_node_file(folder.path() + "/.troupe/" + of);
    return read && *read ? **read : cli::node_file{};
  }
  /// Kills the first node until `what` has been so before it was there again: a machine that is busy may
  /// look too late.
  bool seen_while_it_is_down(const std::function<bool()>& what) const {
    bool seen = false;
    for (int tries = 0; tries < 20 && !seen; ++tries) {
      BOOST_REQUIRE(soon([&] { return card("node-a").pid != 0; }));
      const auto before = card("node-a").pid;
      ::kill(before, SIGKILL);
      const auto is_back = [&] { return card("node-a").pid != 0 && card("node-a").pid != before; };
      BOOST_REQUIRE(soon([&] { return (seen = what()) || is_back(); }));
    }
    return seen;
  }

  const open_folder folder;
  command_process all;
  std::string first, second;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(several_nodes, two_nodes)

BOOST_AUTO_TEST_CASE(a_node_that_dies_comes_back_where_it_was) {
  BOOST_TEST(card("node-a").url == first);
  BOOST_TEST(card().url == first);
  BOOST_TEST(seen_while_it_is_down([&] { return card().url == second; })); // commands find the other one
  BOOST_TEST(soon([&] { return card("node-a").url == first; }));
  BOOST_TEST(soon([&] { return card().url == first; }));
  all.send_signal(SIGTERM);
  BOOST_TEST(all.wait() == 0);
  BOOST_TEST(card().url == "");
}

BOOST_AUTO_TEST_CASE(a_node_whose_port_is_taken_meanwhile_comes_back_on_another) {
  const squatter other;
  BOOST_REQUIRE(seen_while_it_is_down([&] { return other.take(first); }));
  BOOST_TEST(soon([&] { return !card("node-a").url.empty() && card("node-a").url != first; }));
  BOOST_TEST(soon([&] { return card().url == card("node-a").url; }));
}

BOOST_AUTO_TEST_SUITE_END()
