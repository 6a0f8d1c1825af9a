// Any bytes as a time zone's file, and as the rule at its end: refused, or every instant is one of the
// readings of its own wall clock.
#include "config/time_zone/tzif.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace troupe::time_zone;

void require(bool holds) {
  if (!holds)
    std::abort();
}

void check(const tzif_zone& zone, std::int64_t utc) {
  const std::int64_t local = utc + zone.offset_at(utc);
  const local_reading read = zone.read_local(local);
  require(read.is != local_reading::kind::skipped && read.first <= utc && read.second >= utc);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto rule = posix_rule::parse(text))
    (void)rule->offset_at(1'763'663'880);
  const auto zone = tzif_zone::read(text);
  if (!zone)
    return 0;
  for (const std::int64_t utc :
       {-5'000'000'000LL, 0LL, 1'763'663'880LL, 1'774'746'000LL, 1'774'746'001LL, 4'102'444'800LL})
    check(**zone, utc);
  return 0;
}
