#include "runtime/supervision/flight_slots.hpp"

#include "tests/unit/runtime/supervision/staging.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::supervision {

using namespace staging;

namespace {

using ending = flight_report::ending;

/// Two slots in ordinary memory, as a file would hold them.
struct in_memory {
  alignas(64) std::array<std::byte, 3 * flight_block> bytes{};
  flight_slots slots{bytes.data(), 2, 42};

  flight_report read() const { return read_flight(bytes); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(flight_recordings)

BOOST_AUTO_TEST_CASE(an_open_turn_is_read_back) {
  in_memory file;
  file.slots.begin(1, "stage/a", "m:7:1", at(5));
  const flight_report report = file.read();
  BOOST_CHECK(report.how == ending::unclean);
  BOOST_TEST(report.session == 42u);
  BOOST_REQUIRE(report.turns.size() == 1u);
  BOOST_TEST(report.turns[0].agent == "stage/a");
  BOOST_TEST(report.turns[0].subject == "m:7:1");
  BOOST_CHECK(report.turns[0].since == at(5));
  BOOST_TEST(report.turns[0].signal == 0);
  file.slots.end(1);
}

BOOST_AUTO_TEST_CASE(a_turn_that_ended_is_not_read_back) {
  in_memory file;
  file.slots.begin(0, "stage/a", "m:7:1", at(5));
  file.slots.end(0);
  BOOST_TEST(file.read().turns.empty());
}

BOOST_AUTO_TEST_CASE(a_slot_is_used_again_with_a_shorter_text) {
  in_memory file;
  file.slots.begin(0, "stage/a-very-long-key", "m:7:100", at(5));
  file.slots.end(0);
  file.slots.begin(0, "stage/b", "m:7:1", at(6));
  BOOST_TEST(file.read().turns.at(0).agent == "stage/b");
  file.slots.end(0);
}

BOOST_AUTO_TEST_CASE(a_fatal_signal_is_blamed_on_the_turn_of_its_thread) {
  in_memory file;
  file.slots.begin(0, "stage/a", "m:7:1", at(5)); // the latest turn of this thread is slot 1's
  file.slots.begin(1, "stage/b", "m:7:2", at(6));
  file.slots.mark_fatal(11);
  const flight_report report = file.read();
  BOOST_TEST(report.signal == 11);
  BOOST_TEST(report.turns.at(0).signal == 0);
  BOOST_TEST(report.turns.at(1).signal == 11);
  file.slots.end(1);
  file.slots.end(0);
}

BOOST_AUTO_TEST_CASE(a_fatal_signal_outside_turns_is_blamed_on_nobody) {
  in_memory file;
  file.slots.begin(0, "stage/a", "m:7:1", at(5));
  file.slots.end(0);
  file.slots.mark_fatal(6);
  const flight_report report = file.read();
  BOOST_TEST(report.signal == 6);
  BOOST_TEST(report.turns.empty());
}

BOOST_AUTO_TEST_CASE(the_signal_of_an_earlier_turn_is_not_inherited) {
  in_memory file;
  file.slots.begin(0, "stage/a", "m:7:1", at(5));
  file.slots.mark_fatal(11);
  file.slots.end(0);
  file.slots.begin(0, "stage/b", "m:7:2", at(6));
  BOOST_TEST(file.read().turns.at(0).signal == 0);
  file.slots.end(0);
}

BOOST_AUTO_TEST_CASE(blame_misses_a_turn_that_has_made_way_for_another) {
  in_memory file;
  file.slots.begin(0, "stage/b", "m:7:2", at(6));
  file.slots.blame(0, at(5), 6);
  BOOST_TEST(file.read().turns.at(0).signal == 0);
  file.slots.end(0);
}

BOOST_AUTO_TEST_CASE(closing_is_a_clean_end_without_open_turns) {
  in_memory file;
  file.slots.begin(0, "stage/a", "m:7:1", at(5));
  file.slots.close();
  BOOST_CHECK(file.read().how == ending::clean);
  BOOST_TEST(file.read().turns.empty());
}

BOOST_AUTO_TEST_CASE(a_torn_slot_is_counted_and_not_read) {
  in_memory file;
  file.slots.begin(0, "stage/a", "m:7:1", at(5));
  file.bytes[flight_block + offsetof(flight_slot, agent)] = std::byte{'X'};
  BOOST_TEST(file.read().turns.empty());
  BOOST_TEST(file.read().torn == 1u);
  file.slots.end(0);
}

BOOST_AUTO_TEST_CASE(a_flipped_bit_does_not_bring_an_ended_turn_back) {
  in_memory file;
  file.slots.begin(0, "stage/a", "m:7:1", at(5));
  file.slots.end(0);
  file.bytes[flight_block + offsetof(flight_slot, open)] = std::byte{4};
  BOOST_TEST(file.read().turns.empty());
  BOOST_TEST(file.read().torn == 1u);
}

BOOST_AUTO_TEST_CASE(a_slot_with_an_impossible_length_is_torn) {
  in_memory file;
  file.slots.begin(0, "stage/a", "m:7:1", at(5));
  file.bytes[flight_block + offsetof(flight_slot, agent_bytes) + 3] = std::byte{0xff};
  BOOST_TEST(file.read().torn == 1u);
  file.slots.end(0);
}

BOOST_AUTO_TEST_CASE(no_flipped_bit_of_a_slot_makes_up_a_turn) {
  in_memory file;
  file.slots.begin(0, "stage/a", "m:7:1", at(5));
  const std::size_t told = offsetof(flight_slot, signal); // a count hangs on it, but it names nobody else
  for (std::size_t bit = 0; bit < flight_block * 8; ++bit) {
    const std::byte mask{static_cast<unsigned char>(1u << (bit % 8))};
    file.bytes[flight_block + bit / 8] ^= mask;
    const flight_report report = file.read();
    file.bytes[flight_block + bit / 8] ^= mask;
    const bool same = report.turns.size() == 1 && report.turns[0].agent == "stage/a" &&
                      report.turns[0].subject == "m:7:1" && report.turns[0].since == at(5);
    BOOST_REQUIRE_MESSAGE(report.turns.empty() || same || bit / 8 == told, "bit " << bit);
  }
  file.slots.end(0);
}

BOOST_AUTO_TEST_CASE(texts_are_cut_at_their_limits) {
  in_memory file;
  file.slots.begin(0, std::string(1'000, 'a'), std::string(1'000, 's'), at(5));
  const flight_report report = file.read();
  BOOST_TEST(report.turns.at(0).agent == std::string(limits::recorder_agent_bytes_max, 'a'));
  BOOST_TEST(report.turns.at(0).subject == std::string(limits::recorder_subject_bytes_max, 's'));
  file.slots.end(0);
}

BOOST_AUTO_TEST_CASE(a_turn_without_a_subject_is_recorded) {
  in_memory file;
  file.slots.begin(0, "stage/a", {}, at(5));
  BOOST_TEST(file.read().turns.at(0).subject == "");
  file.slots.end(0);
}

BOOST_AUTO_TEST_CASE(a_slot_the_recorder_lacks_is_not_recorded) {
  in_memory file;
  file.slots.begin(2, "stage/a", "m:7:1", at(5));
  file.slots.end(2);
  BOOST_TEST(file.read().turns.empty());
}

BOOST_AUTO_TEST_CASE(something_else_is_unreadable) {
  const std::array<std::byte, 2 * flight_block> zeros{};
  BOOST_CHECK(read_flight(zeros).how == ending::unreadable);
  BOOST_CHECK(read_flight(std::span(zeros).first(10)).how == ending::unreadable);
}

BOOST_AUTO_TEST_CASE(a_recording_cut_short_is_unreadable) {
  in_memory file;
  BOOST_CHECK(read_flight(std::span(file.bytes).first(2 * flight_block)).how == ending::unreadable);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::supervision
