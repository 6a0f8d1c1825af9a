// Any bytes as a cron expression: a mistake whose place lies within the text, or times that ascend and lie
// where they were asked for.
#include "workflows/schedule/cron.hpp"
#include "config/time_zone/tzif.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace troupe;

void require(bool holds) {
  if (!holds)
    std::abort();
}

/// Two hours forward in March, two back in October.
class jumping_zone : public time_zone::zone {
public:
  std::int32_t offset_at(std::int64_t utc) const noexcept override { return rule_.offset_at(utc); }
  time_zone::local_reading read_local(std::int64_t local) const override {
    const std::int64_t winter = local, summer = local - 7'200;
    const bool in_winter = rule_.offset_at(winter) == 0, in_summer = rule_.offset_at(summer) == 7'200;
    using enum time_zone::local_reading::kind;
    if (in_winter && in_summer)
      return {twice, summer, winter};
    if (in_winter || in_summer)
      return {once, in_winter ? winter : summer, in_winter ? winter : summer};
    const std::int64_t gap = rule_.changes_between(summer, winter).at(0).utc;
    return {skipped, gap, gap};
  }
  std::optional<std::int64_t> next_change(std::int64_t from, std::int64_t until) const override {
    const auto changes = rule_.changes_between(from, until);
    return changes.empty() ? std::nullopt : std::optional(changes[0].utc);
  }

private:
  time_zone::posix_rule rule_ = *time_zone::posix_rule::parse("AAA0BBB-2,M3.5.0/1,M10.5.0/3");
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto read = workflow::cron::parse(text);
  if (!read) {
    require(read.error().begin <= read.error().end && read.error().end <= size &&
            !read.error().message.empty());
    return 0;
  }
  const jumping_zone zone;
  const instant first = from_ms(1'742'947'200'000); // 26 March 2025
  require(read->next(first, never, zone).has_value());
  const instant until = first + std::chrono::days(8);
  instant before = first;
  for (int i = 0; i < 50; ++i) {
    const auto next = read->next(before, until, zone);
    if (!next)
      break;
    require(*next > before && *next <= until && to_ms(*next) % 60'000 == 0);
    before = *next;
  }
  return 0;
}
