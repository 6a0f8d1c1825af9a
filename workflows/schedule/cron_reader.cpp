#include "config/diagnostic/suggestion.hpp"
#include "workflows/schedule/cron.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace troupe::workflow {
namespace {

constexpr std::array<std::string_view, 12> month_names{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                       "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> weekday_names{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

struct field {
  std::string_view name;
  unsigned least;
  unsigned most;
  std::span<const std::string_view> names; // of `least` and on
};

const std::array fields{field{"minute", 0, 59, {}}, field{"hour", 0, 23, {}},
                        field{"day of month", 1, 31, {}}, field{"month", 1, 12, month_names},
                        field{"day of week", 0, 7, weekday_names}}; // 0 and 7 are Sunday

struct short_form {
  std::string_view name;
  std::string_view means;
};
constexpr std::array short_forms{
    short_form{"@hourly", "0 * * * *"},   short_form{"@daily", "0 0 * * *"},
    short_form{"@midnight", "0 0 * * *"}, short_form{"@weekly", "0 0 * * 0"},
    short_form{"@monthly", "0 0 1 * *"},  short_form{"@yearly", "0 0 1 1 *"},
    short_form{"@annually", "0 0 1 1 *"},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t'; }

char upper(char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); }

std::string quoted(std::string_view text) { return "\"" + std::string(text.substr(0, 40)) + "\""; }

} // namespace

/// Reads one expression; every mistake has the place of the part that is wrong.
class cron_reader {
public:
  explicit cron_reader(std::string_view text)
      : text_(text) {}

  tl::expected<cron, cron_mistake> run();

private:
  using failure = tl::unexpected<cron_mistake>;
  using numbers = std::bitset<60>;

  failure refuse(std::string_view part, std::string message, std::string hint = {}) const {
    const auto begin = static_cast<std::size_t>(part.data() - text_.data());
    return failure({std::move(message), begin, begin + part.size(), std::move(hint)});
  }

  tl::expected<std::vector<std::string_view>, cron_mistake> split() const;
  tl::expected<numbers, cron_mistake> read(const field& f, std::string_view text) const;
  tl::expected<numbers, cron_mistake> read_range(const field& f, std::string_view part) const;
  tl::expected<unsigned, cron_mistake> read_number(const field& f, std::string_view text) const;
  tl::expected<unsigned, cron_mistake> read_step(const field& f, std::string_view part,
                                                 std::string_view text) const;

  std::string_view text_;
};

tl::expected<cron, cron_mistake> cron::parse(std::string_view text) { return cron_reader(text).run(); }

tl::expected<cron, cron_mistake> cron_reader::run() {
  if (text_.starts_with('@')) {
    const auto found = std::ranges::find(short_forms, text_, &short_form::name);
    if (found != short_forms.end())
      return cron::parse(found->means);
    std::vector<std::string_view> names;
    for (const short_form& form : short_forms)
      names.push_back(form.name);
    const std::string meant = config::did_you_mean(text_, names);
    return refuse(text_, "there is no " + quoted(text_),
                  meant.empty() ? "there are @hourly, @daily, @weekly, @monthly and @yearly" : meant);
  }
  const auto parts = split();
  if (!parts)
    return tl::unexpected(parts.error());
  std::array<numbers, 5> sets;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    auto read_field = read(fields[i], (*parts)[i]);
    if (!read_field)
      return tl::unexpected(std::move(read_field.error()));
    sets[i] = *read_field;
  }
  cron made;
  made.minutes_ = sets[0];
  made.hours_ = std::bitset<24>(sets[1].to_ullong());
  made.days_ = std::bitset<32>(sets[2].to_ullong());
  made.months_ = std::bitset<13>(sets[3].to_ullong());
  made.weekdays_ = std::bitset<7>((sets[4].to_ullong() | sets[4].to_ullong() >> 7) & 0x7F);
  made.either_day_ = !(*parts)[2].starts_with('*') && !(*parts)[4].starts_with('*');
  made.elapsed_ = (*parts)[1] == "*" || (*parts)[1] == "*/1";
  if (!made.ever_comes())
    return refuse(text_, "no year has such a day",
                  "the shortest months are February, with 29 days at most, and those with 30");
  return made;
}

tl::expected<std::vector<std::string_view>, cron_mistake> cron_reader::split() const {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < text_.size();) {
    const std::size_t begin = at;
    while (at < text_.size() && is_space(text_[at]) == is_space(text_[begin]))
      ++at;
    if (!is_space(text_[begin]))
      parts.push_back(text_.substr(begin, at - begin));
  }
  const std::string order = "minute, hour, day of month, month, day of week";
  if (parts.size() > fields.size())
    return refuse(text_.substr(static_cast<std::size_t>(parts[5].data() - text_.data())),
                  "a cron expression has five fields, not " + std::to_string(parts.size()),
                  order + "; there are no seconds and no years");
  if (parts.size() < fields.size())
    return refuse(text_,
                  parts.empty() ? "the cron expression is empty"
                                : "a cron expression has five fields, not " + std::to_string(parts.size()),
                  order);
  return parts;
}

tl::expected<cron_reader::numbers, cron_mistake> cron_reader::read(const field& f,
                                                                   std::string_view text) const {
  numbers all;
  for (std::string_view rest = text;;) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view part = rest.substr(0, comma);
    if (part.empty())
      return refuse(text, "the " + std::string(f.name) + " has an empty item");
    const auto range = read_range(f, part);
    if (!range)
      return range;
    all |= *range;
    if (comma == rest.size())
      return all;
    rest.remove_prefix(comma + 1);
  }
}

// n, *, n-m, */s, n-m/s
tl::expected<cron_reader::numbers, cron_mistake> cron_reader::read_range(const field& f,
                                                                         std::string_view part) const {
  const std::size_t slash = std::min(part.find('/'), part.size());
  const std::string_view range = part.substr(0, slash);
  const std::size_t dash = range.find('-', 1);
  unsigned from = f.least, to = f.most;
  if (range == "*") {
    to = f.names.size() == 7 ? 6 : f.most; // Sunday once
  } else {
    const auto first = read_number(f, range.substr(0, dash));
    if (!first)
      return tl::unexpected(first.error());
    from = to = *first;
    if (dash == range.npos && slash < part.size())
      return refuse(part, "a step needs a range",
                    "write */5, or " + std::to_string(from) + "-" + std::to_string(f.most) +
                        std::string(part.substr(slash)));
  }
  if (range != "*" && dash != range.npos) {
    const auto last = read_number(f, range.substr(dash + 1));
    if (!last)
      return tl::unexpected(last.error());
    // A week may end with Sunday.
    to = f.names.size() == 7 && !is_digit(range.back()) && *last == 0 && from > 0 ? 7 : *last;
    if (from > to)
      return refuse(range, "a range goes up, not from " + std::to_string(from) + " to " + std::to_string(to),
                    "two ranges with a comma between them go round");
  }
  unsigned step = 1;
  if (slash < part.size()) {
    const auto given = read_step(f, part, part.substr(slash + 1));
    if (!given)
      return tl::unexpected(given.error());
    step = *given;
  }
  numbers found;
  for (unsigned n = from; n <= to; n += step)
    found.set(n);
  return found;
}

tl::expected<unsigned, cron_mistake> cron_reader::read_step(const field& f, std::string_view part,
                                                            std::string_view text) const {
  unsigned step = 0;
  if (text.empty() || text.size() > 3 || !std::ranges::all_of(text, is_digit))
    return refuse(part, "the step of the " + std::string(f.name) + " is no number");
  for (const char c : text)
    step = step * 10 + static_cast<unsigned>(c - '0');
  if (step == 0)
    return refuse(part, "a step of 0 goes nowhere");
  return step;
}

tl::expected<unsigned, cron_mistake> cron_reader::read_number(const field& f, std::string_view text) const {
  const std::string what = "the " + std::string(f.name);
  if (text.empty())
    return refuse(text, what + " has a range with an open end");
  if (std::ranges::all_of(text, is_digit)) {
    unsigned number = 0;
    for (const char c : text)
      number = std::min(number * 10 + static_cast<unsigned>(c - '0'), 1'000U);
    if (number < f.least || number > f.most)
      return refuse(text, what + " is " + std::to_string(f.least) + " to " + std::to_string(f.most) +
                              ", not " + std::string(text.substr(0, 40)));
    return number;
  }
  std::string name(text.substr(0, 40));
  std::ranges::transform(name, name.begin(), upper);
  const auto found = std::ranges::find(f.names, name);
  if (found != f.names.end())
    return f.least + static_cast<unsigned>(found - f.names.begin());
  if (text.find_first_of("?LW#") != text.npos && f.names.empty())
    return refuse(text, quoted(text) + " is not part of this cron: ?, L, W and # belong to other ones");
  return refuse(text, quoted(text) + " is no " + std::string(f.name),
                config::did_you_mean(name, {f.names.begin(), f.names.end()}));
}

} // namespace troupe::workflow
