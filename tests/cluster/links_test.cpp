// Real links on loopback: what arrives, who is turned away, what a peer costs that does not read.
#include "cluster/link/asio_hub.hpp"
#include "cluster/link/certificates.hpp"
#include "runtime/base/system_sources.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>

using namespace troupe;
using namespace troupe::cluster;

namespace {

/// One hub and what it has told.
struct end_of_link {
  std::mutex lock;
  std::condition_variable came;
  std::vector<std::string> received;
  std::vector<std::string> logged;
  std::set<node_epoch> lost;
  std::set<node_epoch> living;
  std::unique_ptr<asio_hub> hub;

  explicit end_of_link(asio_hub::options how) {
    asio_hub::events tell;
    tell.received = [this](node_epoch, link_lane, std::string bytes) {
      note([&] { received.push_back(std::move(bytes)); });
    };
    tell.lost = [this](node_epoch peer) { note([&] { lost.insert(peer); }); };
    tell.lives = [this](node_epoch peer) {
      std::lock_guard guard(lock);
      return living.contains(peer);
    };
    tell.log = [this](std::string, std::string sentence) {
      note([&] { logged.push_back(std::move(sentence)); });
    };
    auto opened = asio_hub::open(std::move(how), std::move(tell));
    BOOST_REQUIRE_MESSAGE(opened.has_value(), (opened ? std::string() : opened.error().message));
    hub = std::move(*opened);
  }
  template<class What>
  void note(What what) {
    std::lock_guard guard(lock);
    what();
    came.notify_all();
  }
  template<class What>
  bool soon(What what) {
    std::unique_lock guard(lock);
    return came.wait_for(guard, std::chrono::seconds(60), what);
  }
  void know(std::set<node_epoch> members) {
    note([&] { living = std::move(members); });
  }
  bool logs(const std::string& part) {
    return soon([&] {
      return std::any_of(logged.begin(), logged.end(),
                         [&](const auto& l) { return l.find(part) != std::string::npos; });
    });
  }
};

asio_hub::options plain(node_epoch self, const std::string& cluster = "c") {
  asio_hub::options how;
  how.self = self;
  how.cluster = cluster;
  return how;
}

/// A folder of certificates that goes with the test.
struct folder {
  std::filesystem::path path;
  folder() {
    auto name = (std::filesystem::temp_directory_path() / "troupe-links-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~folder() { std::filesystem::remove_all(path); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
    return (path / name).string();
  }
};

asio_hub::options secure(node_epoch self, const folder& in, const certificate& authority,
                         const certificate& own, const std::string& name) {
  auto how = plain(self);
  how.ca_file = in.write(name + "-ca.pem", authority.pem);
  how.certificate_file = in.write(name + ".pem", own.pem);
  how.key_file = in.write(name + ".key", own.key);
  return how;
}

void meet(end_of_link& a, node_epoch ea, end_of_link& b, node_epoch eb) {
  a.know({ea, eb});
  b.know({ea, eb});
  a.hub->set_peers({{eb, b.hub->address()}});
  b.hub->set_peers({{ea, a.hub->address()}});
}

} // namespace

BOOST_AUTO_TEST_SUITE(links)

BOOST_AUTO_TEST_CASE(what_is_sent_arrives_in_order_whatever_its_size) {
  end_of_link a(plain(1)), b(plain(2));
  meet(a, 1, b, 2);
  constexpr std::size_t count = 500;
  for (std::size_t i = 0; i < count; ++i)
    a.hub->send(2, link_lane::data, std::to_string(i) + '/' + std::string(i * 97 % 40'000, 'x'));
  BOOST_REQUIRE(b.soon([&] { return b.received.size() == count; }));
  for (std::size_t i = 0; i < count; ++i)
    BOOST_TEST(b.received[i].starts_with(std::to_string(i) + '/'));
}

BOOST_AUTO_TEST_CASE(strangers_are_turned_away_with_a_reason) {
  end_of_link a(plain(1)), other_cluster(plain(2, "d")), dead(plain(3));
  a.know({1, 2});
  other_cluster.know({1, 2});
  dead.know({1, 3});
  other_cluster.hub->set_peers({{1, a.hub->address()}});
  BOOST_TEST(a.logs("belongs to another cluster"));
  dead.hub->set_peers({{1, a.hub->address()}});
  BOOST_TEST(a.logs("epoch 3 is no living member"));
  dead.hub->set_peers({});
  dead.hub->set_peers({{9, a.hub->address()}}); // who listened there before had another epoch
  BOOST_TEST(a.logs("this node is epoch 1"));
}

BOOST_AUTO_TEST_CASE(a_peer_that_ends_is_noticed_and_its_next_life_is_another) {
  end_of_link a(plain(1));
  auto b = std::make_unique<end_of_link>(plain(2));
  meet(a, 1, *b, 2);
  a.hub->send(2, link_lane::control, "one");
  BOOST_REQUIRE(b->soon([&] { return b->received.size() == 1; }));
  b.reset();
  BOOST_TEST(a.soon([&] { return a.lost.contains(2); }));
  end_of_link again(plain(3));
  meet(a, 1, again, 3);
  a.hub->send(2, link_lane::control, "to nobody");
  a.hub->send(3, link_lane::control, "two");
  BOOST_REQUIRE(again.soon([&] { return !again.received.empty(); }));
  BOOST_TEST(again.received.front() == "two");
}

BOOST_AUTO_TEST_CASE(with_certificates_of_one_authority_links_stand) {
  folder in;
  system_clock_source clock;
  auto ca = make_authority("test", clock.now());
  BOOST_REQUIRE(ca.has_value());
  auto day = clock.now() + milliseconds(24 * 3'600 * 1'000);
  auto one = make_node_certificate(*ca, "one", clock.now(), day);
  auto two = make_node_certificate(*ca, "two", clock.now(), day);
  BOOST_REQUIRE((one && two));
  end_of_link a(secure(1, in, *ca, *one, "one")), b(secure(2, in, *ca, *two, "two"));
  meet(a, 1, b, 2);
  a.hub->send(2, link_lane::bulk, std::string(300'000, 'z'));
  BOOST_TEST(b.soon([&] { return b.received.size() == 1; }));
}

BOOST_AUTO_TEST_CASE(foreign_and_expired_certificates_and_none_are_refused) {
  folder in;
  system_clock_source clock;
  auto now = clock.now();
  auto ca = make_authority("ours", now), theirs = make_authority("theirs", now);
  auto day = now + milliseconds(24 * 3'600 * 1'000);
  auto own = make_node_certificate(*ca, "own", now, day);
  auto foreign = make_node_certificate(*theirs, "foreign", now, day);
  auto old = make_node_certificate(*ca, "old", now - milliseconds(7'200'000), now - milliseconds(1'000));
  BOOST_REQUIRE((own && foreign && old));
  for (const auto* stranger : {&*foreign, &*old}) {
    end_of_link a(secure(1, in, *ca, *own, "own"));
    end_of_link b(secure(2, in, *ca, *stranger, "stranger"));
    a.know({1, 2});
    b.know({1, 2});
    b.hub->set_peers({{1, a.hub->address()}});
    b.hub->send(1, link_lane::data, "hello");
    BOOST_TEST(a.logs("a connection was refused: TLS"));
    BOOST_TEST(a.received.empty());
  }
  end_of_link a(secure(1, in, *ca, *own, "own")), bare(plain(2));
  a.know({1, 2});
  bare.know({1, 2});
  bare.hub->set_peers({{1, a.hub->address()}});
  BOOST_TEST(a.logs("a connection was refused: TLS"));
}

BOOST_AUTO_TEST_CASE(without_tls_no_address_but_a_local_one) {
  auto how = plain(1);
  how.host = "0.0.0.0";
  auto opened = asio_hub::open(how, {});
  BOOST_REQUIRE(!opened.has_value());
  BOOST_TEST(opened.error().message.find("without TLS") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
