#include "storage/sqlite/page_checksum.hpp"

#include "storage/limits.hpp"

#include <boost/test/unit_test.hpp>

namespace {

namespace page_checksum = troupe::storage::page_checksum;
using page = std::array<std::uint8_t, troupe::storage::limits::page_bytes>;

page sealed(std::uint32_t number) {
  page p{};
  p[1'000] = 7;
  page_checksum::seal(p.data(), number);
  return p;
}

/// A header as SQLite writes it for our pages.
std::array<std::uint8_t, 100> header() {
  std::array<std::uint8_t, 100> h{};
  h[16] = 0x10; // 4,096
  h[18] = 2;
  h[20] = page_checksum::reserved_bytes;
  return h;
}

BOOST_AUTO_TEST_SUITE(page_checksums)

BOOST_AUTO_TEST_CASE(a_sealed_page_is_intact) { BOOST_TEST(page_checksum::intact(sealed(5).data(), 5)); }

BOOST_AUTO_TEST_CASE(a_page_in_another_place_is_not) {
  BOOST_TEST(!page_checksum::intact(sealed(5).data(), 6));
}

BOOST_AUTO_TEST_CASE(a_page_of_zeros_is_not) {
  const page zeros{};
  BOOST_TEST(!page_checksum::intact(zeros.data(), 5));
}

BOOST_AUTO_TEST_CASE(a_page_with_another_bit_is_not) {
  page p = sealed(5);
  p.back() ^= 1;
  BOOST_TEST(!page_checksum::intact(p.data(), 5));
}

BOOST_AUTO_TEST_CASE(the_guard_is_seen_on_disk_only) {
  auto h = header();
  page_checksum::guard_header(h.data());
  BOOST_TEST(h[18] == 3);
  page_checksum::unguard_header(h.data());
  BOOST_TEST(h[18] == 2);
}

BOOST_AUTO_TEST_CASE(a_header_of_ours_is_plausible) {
  BOOST_TEST(page_checksum::plausible_header(header().data()));
}

BOOST_AUTO_TEST_CASE(a_header_with_other_pages_is_not) {
  auto h = header();
  h[16] = 0x20;
  BOOST_TEST(!page_checksum::plausible_header(h.data()));
}

BOOST_AUTO_TEST_CASE(a_header_that_asks_for_auto_vacuum_is_not) {
  auto h = header();
  h[55] = 1;
  BOOST_TEST(!page_checksum::plausible_header(h.data()));
}

BOOST_AUTO_TEST_CASE(a_header_without_room_for_the_checksum_is_not) {
  auto h = header();
  h[20] = 0;
  BOOST_TEST(!page_checksum::plausible_header(h.data()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
