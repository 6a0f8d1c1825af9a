#include "config/time_zone/tzif.hpp"

#include <algorithm>

namespace troupe::time_zone {
namespace {

tl::unexpected<error> broken() {
  return fail(fault::corrupt, "a time zone's file is damaged", "reinstall the package tzdata");
}

// Big-endian numbers off the front of a file. Past its end all of them are 0, and `ok` says so.
class reader {
public:
  explicit reader(std::string_view bytes)
      : rest_(bytes) {}

  std::int64_t number(std::size_t bytes) {
    const std::string_view taken = text(bytes);
    std::uint64_t sum = !taken.empty() && static_cast<signed char>(taken[0]) < 0 ? ~0ULL : 0;
    for (const char c : taken)
      sum = sum << 8 | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(sum);
  }
  std::string_view text(std::size_t bytes) {
    ok_ = ok_ && bytes <= rest_.size();
    if (!ok_)
      return {};
    const std::string_view taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
  }
  std::string_view rest() const { return rest_; }
  bool ok() const { return ok_; }

private:
  std::string_view rest_;
  bool ok_ = true;
};

struct header {
  char version = 0;
  std::size_t universal = 0, standard = 0, leaps = 0, times = 0, types = 0, letters = 0;

  std::size_t block_size(std::size_t time_size) const {
    return times * (time_size + 1) + types * 6 + letters + leaps * (time_size + 4) + standard + universal;
  }
};

std::optional<header> read_header(reader& from) {
  header h;
  if (from.text(4) != "TZif")
    return std::nullopt;
  const std::string_view version = from.text(1);
  from.text(15);
  for (std::size_t* count : {&h.universal, &h.standard, &h.leaps, &h.times, &h.types, &h.letters}) {
    *count = static_cast<std::uint32_t>(from.number(4));
    if (*count > 1'000'000)
      return std::nullopt;
  }
  // A file with leap seconds (right/…) counts other seconds than everybody else.
  if (!from.ok() || h.types == 0 || h.leaps > 0)
    return std::nullopt;
  h.version = version[0];
  return h;
}

struct block {
  std::vector<std::int64_t> times;
  std::vector<std::size_t> kinds;
  std::vector<std::int32_t> offsets;
};

std::optional<block> read_block(reader& from, const header& h, std::size_t time_size) {
  if (h.block_size(time_size) > from.rest().size())
    return std::nullopt;
  block b;
  for (std::size_t i = 0; i < h.times; ++i)
    b.times.push_back(from.number(time_size));
  for (std::size_t i = 0; i < h.times; ++i)
    b.kinds.push_back(static_cast<unsigned char>(from.text(1)[0]));
  for (std::size_t i = 0; i < h.types; ++i) {
    b.offsets.push_back(static_cast<std::int32_t>(from.number(4)));
    from.text(2);
  }
  from.text(h.letters + h.standard + h.universal);
  const bool ascending = std::ranges::adjacent_find(b.times, std::greater_equal{}) == b.times.end();
  const bool kinds_exist = std::ranges::all_of(b.kinds, [&](std::size_t kind) { return kind < h.types; });
  const bool sane =
      std::ranges::all_of(b.offsets, [](std::int32_t o) { return o > -offset_max && o < offset_max; });
  return ascending && kinds_exist && sane ? std::optional(std::move(b)) : std::nullopt;
}

} // namespace

result<std::shared_ptr<const tzif_zone>> tzif_zone::read(std::string_view bytes) {
  reader from(bytes);
  auto head = read_header(from);
  if (!head)
    return broken();
  std::size_t time_size = 4;
  if (head->version >= '2') {
    // The first block has 32 bits and is there for old readers.
    from.text(head->block_size(4));
    head = read_header(from);
    time_size = 8;
  }
  const auto read = head ? read_block(from, *head, time_size) : std::nullopt;
  if (!read)
    return broken();
  auto made = std::make_shared<tzif_zone>();
  std::int32_t before = made->first_ = read->offsets[0];
  for (std::size_t i = 0; i < read->times.size(); ++i) {
    const std::int32_t after = read->offsets[read->kinds[i]];
    made->past_.push_back({read->times[i], before, after});
    before = after;
  }
  std::string_view footer = from.rest();
  if (time_size == 8 && (!footer.starts_with('\n') || !footer.substr(1).ends_with('\n')))
    return broken();
  if (footer.size() > 2) {
    made->later_ = posix_rule::parse(footer.substr(1, footer.size() - 2));
    // RFC 8536: the rule takes over where the table ends, so both must say the same there.
    const bool goes_on =
        made->later_ && (made->past_.empty() || made->later_->offset_at(made->past_.back().utc) == before);
    if (!goes_on)
      return broken();
  }
  return made;
}

std::int32_t tzif_zone::offset_at(std::int64_t utc) const noexcept {
  if (later_ && (past_.empty() || utc >= past_.back().utc))
    return later_->offset_at(utc);
  const auto next = std::ranges::upper_bound(past_, utc, {}, &change::utc);
  return next == past_.begin() ? first_ : std::prev(next)->after;
}

std::vector<change> tzif_zone::changes_between(std::int64_t from, std::int64_t to) const {
  const auto first = std::ranges::upper_bound(past_, from, {}, &change::utc);
  const auto last = std::ranges::upper_bound(past_, to, {}, &change::utc);
  std::vector<change> found(first, last);
  if (later_ && (past_.empty() || to > past_.back().utc)) {
    const auto later = later_->changes_between(past_.empty() ? from : std::max(from, past_.back().utc), to);
    found.insert(found.end(), later.begin(), later.end());
  }
  return found;
}

std::optional<std::int64_t> tzif_zone::next_change(std::int64_t from, std::int64_t until) const {
  for (const change& c : changes_between(from, until)) {
    if (c.before != c.after)
      return c.utc;
  }
  return std::nullopt;
}

local_reading tzif_zone::read_local(std::int64_t local) const {
  // Whatever its offset, the instant lies in this window.
  const std::int64_t begin = local - offset_max, end = local + offset_max;
  std::int64_t from = begin;
  std::int32_t offset = offset_at(begin);
  std::vector<std::int64_t> passes;
  std::optional<std::int64_t> gap;
  for (const change& c : changes_between(begin, end)) {
    if (local - offset >= from && local - offset < c.utc)
      passes.push_back(local - offset);
    if (local >= c.utc + c.before && local < c.utc + c.after)
      gap = c.utc;
    from = c.utc;
    offset = c.after;
  }
  if (local - offset >= from)
    passes.push_back(local - offset);
  if (passes.empty())
    return {local_reading::kind::skipped, gap.value_or(local - offset), gap.value_or(local - offset)};
  return {passes.size() > 1 ? local_reading::kind::twice : local_reading::kind::once, passes.front(),
          passes.back()};
}

} // namespace troupe::time_zone
