#include "runtime/task/turn_codec.hpp"
#include "tests/unit/runtime/golden.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using troupe::test::golden;

namespace {

bool comes_out_again(const std::string& name) {
  const auto bytes = golden(name);
  return encode(decode_turn(bytes).value()) == bytes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(turn_golden)

BOOST_AUTO_TEST_CASE(turns_of_version_1_come_out_byte_for_byte) {
  BOOST_TEST(comes_out_again("turn_v1_first.bin"));
  BOOST_TEST(comes_out_again("turn_v1_resumed.bin"));
  BOOST_TEST(comes_out_again("turn_v1_canceled.bin"));
}

BOOST_AUTO_TEST_CASE(the_first_turn_of_version_1_means_what_it_meant) {
  const auto turn = decode_turn(golden("turn_v1_first.bin")).value();
  BOOST_TEST(turn.resumed_by.empty());
  BOOST_TEST(!turn.canceled);
  BOOST_REQUIRE(turn.asked.size() == 3u);
  BOOST_TEST(turn.asked[0].target == "desk/other price");
  BOOST_TEST(turn.asked[0].call_number == 4u);
  BOOST_TEST(turn.asked[1].arguments == UINT64_MAX);
  BOOST_TEST((turn.asked[2].due == never));
  BOOST_REQUIRE(turn.noted.size() == 2u);
  BOOST_TEST(turn.noted[0].result.kind == "overloaded");
  BOOST_TEST(turn.noted[1].result.body == "2");
}

BOOST_AUTO_TEST_CASE(the_resumed_turn_of_version_1_means_what_it_meant) {
  const auto turn = decode_turn(golden("turn_v1_resumed.bin")).value();
  BOOST_TEST(turn.resumed_by == "0/1");
  BOOST_TEST(turn.answer.body == R"({"price":12})");
  BOOST_TEST(turn.answer.meta == R"({"tokens":7})");
}

BOOST_AUTO_TEST_CASE(the_canceled_turn_of_version_1_means_what_it_meant) {
  const auto turn = decode_turn(golden("turn_v1_canceled.bin")).value();
  BOOST_TEST(turn.canceled);
  BOOST_TEST(turn.cancel_reason == "the caller left");
}

BOOST_AUTO_TEST_CASE(fields_of_a_newer_build_come_out_byte_for_byte) {
  BOOST_TEST(comes_out_again("turn_v2_first.bin"));
}

BOOST_AUTO_TEST_SUITE_END()
