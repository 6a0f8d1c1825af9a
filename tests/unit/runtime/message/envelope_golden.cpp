#include "runtime/message/envelope.hpp"

#include "runtime/wire/envelope.pb.h"
#include "tests/unit/runtime/golden.hpp"

#include <boost/test/unit_test.hpp>
#include <google/protobuf/unknown_field_set.h>

using namespace troupe;
using troupe::test::golden;

namespace {

bool comes_out_again(const std::string& name) {
  const auto bytes = golden(name);
  return encode(decode_envelope(bytes).value()) == bytes;
}

std::string unknown_in(const google::protobuf::Message& part) {
  std::string text;
  part.GetReflection()->GetUnknownFields(part).SerializeToString(&text);
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(envelope_golden)

BOOST_AUTO_TEST_CASE(envelopes_of_version_1_come_out_byte_for_byte) {
  BOOST_TEST(comes_out_again("envelope_v1_call.bin"));
  BOOST_TEST(comes_out_again("envelope_v1_reply.bin"));
  BOOST_TEST(comes_out_again("envelope_v1_signal.bin"));
  BOOST_TEST(comes_out_again("envelope_v1_cancel.bin"));
}

BOOST_AUTO_TEST_CASE(the_call_of_version_1_means_what_it_meant) {
  const auto e = decode_envelope(golden("envelope_v1_call.bin")).value();
  BOOST_TEST((e.kind == message_kind::call));
  BOOST_TEST(e.from.text() == "desk/caller");
  BOOST_TEST(e.to.text() == "@acme/sales.qualifier/lead/42");
  BOOST_TEST(e.type == "assess");
  BOOST_TEST(e.body == R"({"score":80})");
  BOOST_TEST(e.call_key == "order-1");
  BOOST_TEST(e.attempt == 2u);
  BOOST_TEST(to_ms(e.deadline) == 1'700'000'030'000);
  BOOST_TEST(e.chain.at(1).text() == "@acme/desk/boss");
  BOOST_TEST(e.once);
}

BOOST_AUTO_TEST_CASE(the_reply_of_version_1_means_what_it_meant) {
  const auto e = decode_envelope(golden("envelope_v1_reply.bin")).value();
  BOOST_TEST(!e.answer.ok);
  BOOST_TEST(e.answer.kind == "rate_limited");
  BOOST_TEST(e.answer.message == "later, \xc3\xa9");
  BOOST_TEST(e.answer.meta == R"({"attempts":3})");
}

BOOST_AUTO_TEST_CASE(fields_of_a_newer_build_come_out_byte_for_byte) {
  BOOST_TEST(comes_out_again("envelope_v2_call.bin"));
}

BOOST_AUTO_TEST_CASE(fields_of_a_newer_build_within_parts_survive) {
  const auto bytes = encode(decode_envelope(golden("envelope_v2_reply.bin")).value());
  wire::Envelope then;
  wire::Envelope now;
  BOOST_REQUIRE(then.ParseFromString(golden("envelope_v2_reply.bin")));
  BOOST_REQUIRE(now.ParseFromString(bytes));
  BOOST_TEST(!unknown_in(then.answer()).empty());
  BOOST_TEST(unknown_in(now) == unknown_in(then));
  BOOST_TEST(unknown_in(now.answer()) == unknown_in(then.answer()));
  BOOST_TEST(unknown_in(now.from()) == unknown_in(then.from()));
  BOOST_TEST(unknown_in(now.to()) == unknown_in(then.to()));
}

BOOST_AUTO_TEST_CASE(fields_of_a_newer_build_survive_any_number_of_hops) {
  const auto once = encode(decode_envelope(golden("envelope_v2_reply.bin")).value());
  BOOST_TEST(encode(decode_envelope(once).value()) == once);
}

BOOST_AUTO_TEST_SUITE_END()
