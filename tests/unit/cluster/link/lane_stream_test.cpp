#include "cluster/link/framing.hpp"
#include "cluster/link/lane_stream.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe::cluster;

BOOST_AUTO_TEST_SUITE(lane_stream)

BOOST_AUTO_TEST_CASE(what_was_not_acknowledged_goes_again_and_arrives_once) {
  lane_sender out;
  lane_receiver in;
  BOOST_TEST(out.offer("one"));
  BOOST_TEST(out.offer("two"));
  BOOST_TEST(out.next_batch().empty()); // no connection
  out.opened(in.received(), 1'000);
  auto batch = out.next_batch();
  BOOST_TEST(in.take(batch)->size() == 2u);
  out.closed(); // before its acknowledgement
  BOOST_TEST(out.offer("three"));
  out.opened(0, 1'000); // as if the other side had not counted either
  auto again = in.take(out.next_batch());
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST(again->size() == 1u);
  BOOST_TEST(again->front() == "three");
  BOOST_TEST(out.acknowledged(in.received()));
  BOOST_TEST(out.queued_bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(no_more_than_the_credit_is_on_its_way) {
  lane_sender out;
  lane_receiver in;
  for (int i = 0; i < 4; ++i)
    BOOST_TEST(out.offer(std::string(60, 'x')));
  out.opened(0, 100);
  BOOST_TEST(in.take(out.next_batch())->size() == 1u);
  BOOST_TEST(out.next_batch().empty());
  BOOST_TEST(out.acknowledged(1));
  BOOST_TEST(!out.next_batch().empty());
}

BOOST_AUTO_TEST_CASE(one_frame_larger_than_the_credit_goes_alone) {
  lane_sender out;
  BOOST_TEST(out.offer(std::string(500, 'x')));
  out.opened(0, 100);
  BOOST_TEST(!out.next_batch().empty());
}

BOOST_AUTO_TEST_CASE(a_peer_that_does_not_read_costs_a_bounded_queue) {
  lane_sender out;
  std::size_t taken = 0;
  while (out.offer(std::string(1 << 20, 'x')))
    ++taken;
  BOOST_TEST(taken == link_limits::queue_bytes >> 20);
  BOOST_TEST(out.queued_bytes() <= link_limits::queue_bytes);
}

BOOST_AUTO_TEST_CASE(gaps_and_impossible_acknowledgements_are_refused) {
  lane_sender out;
  lane_receiver in;
  BOOST_TEST(out.offer("one"));
  BOOST_TEST(out.offer("two"));
  BOOST_TEST(!out.acknowledged(1)); // nothing was sent
  out.opened(1, 1'000);             // "one" had arrived, it says
  BOOST_TEST(!in.take(out.next_batch()).has_value());
  BOOST_TEST(!in.take("\xff").has_value());
}

BOOST_AUTO_TEST_CASE(payloads_are_cut_out_of_whatever_pieces_arrive) {
  frame_reader reader(100);
  auto bytes = framed("hello") + framed("") + framed("world");
  std::string seen;
  for (char c : bytes) {
    reader.add(std::string_view(&c, 1));
    for (auto next = reader.next(); next && *next; next = reader.next())
      seen += '[' + **next + ']';
  }
  BOOST_TEST(seen == "[hello][][world]");
}

BOOST_AUTO_TEST_CASE(a_length_beyond_the_limit_is_refused_before_it_arrives) {
  frame_reader reader(100);
  reader.add(std::string("\xff\xff\xff\x7f", 4));
  BOOST_TEST(!reader.next().has_value());
}

BOOST_AUTO_TEST_CASE(greetings_of_strangers_are_turned_away) {
  greeting g;
  g.cluster = "c";
  g.from = 3;
  g.to = 4;
  auto read = decode_greeting(encode(g));
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(refusal(*read, "c", 4, true).empty());
  BOOST_TEST(refusal(*read, "d", 4, true) == "it belongs to another cluster");
  BOOST_TEST(!refusal(*read, "c", 5, true).empty());
  BOOST_TEST(refusal(*read, "c", 4, false) == "epoch 3 is no living member");
  read->version_min = 9;
  read->version_max = 9;
  BOOST_TEST(!refusal(*read, "c", 4, true).empty());
  BOOST_TEST(!decode_greeting("\xff").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
