// Random cron expressions around clock changes, against a scan of every minute that knows nothing but
// offsets.
#include "config/time_zone/system_zones.hpp"
#include "workflows/schedule/cron.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <set>

using namespace troupe;
using workflow::cron;

namespace {

/// The five fields as sets, and as they are written.
struct random_cron {
  std::array<std::set<unsigned>, 5> fields;
  std::array<std::string, 5> written;

  explicit random_cron(std::mt19937& draw) {
    constexpr std::array<std::pair<unsigned, unsigned>, 5> bounds{
        {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 6}}};
    for (std::size_t i = 0; i < fields.size(); ++i)
      fill(i, bounds[i].first, bounds[i].second, draw);
  }

  std::string text() const {
    return written[0] + " " + written[1] + " " + written[2] + " " + written[3] + " " + written[4];
  }

  bool matches(std::int64_t local) const {
    const std::chrono::sys_days day =
        std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(local)));
    const std::chrono::year_month_day date{day};
    const auto second = static_cast<unsigned>(local - day.time_since_epoch().count() * 86'400);
    const bool in_month = fields[2].contains(static_cast<unsigned>(date.day()));
    const bool in_week = fields[4].contains(std::chrono::weekday(day).c_encoding());
    const bool either = written[2][0] != '*' && written[4][0] != '*';
    return second % 60 == 0 && fields[0].contains(second / 60 % 60) && fields[1].contains(second / 3'600) &&
           fields[3].contains(static_cast<unsigned>(date.month())) &&
           (either ? in_month || in_week : in_month && in_week);
  }

  bool follows_elapsed_time() const { return written[1] == "*" || written[1] == "*/1"; }

private:
  static unsigned pick(std::mt19937& draw, unsigned least, unsigned most) {
    return least + static_cast<unsigned>(draw() % (most - least + 1));
  }

  void fill(std::size_t i, unsigned least, unsigned most, std::mt19937& draw) {
    const unsigned step = pick(draw, 1, 4);
    unsigned from = least, to = most;
    written[i] = "*/" + std::to_string(step);
    const unsigned kind = pick(draw, 0, i == 3 ? 2 : 3); // months are seldom restricted to one
    if (kind == 0) {
      written[i] = "*";
    } else if (kind > 1) {
      from = pick(draw, least, most);
      to = kind == 3 ? pick(draw, from, most) : most;
      written[i] = std::to_string(from) + "-" + std::to_string(to) + "/" + std::to_string(step);
    }
    for (unsigned n = from; n <= to; n += kind == 0 ? 1 : step)
      fields[i].insert(n);
  }
};

std::vector<std::int64_t> scanned(const random_cron& wanted, std::int64_t from, std::int64_t to,
                                  const time_zone::zone& in) {
  std::vector<std::int64_t> found;
  std::set<std::int64_t> seen; // readings of the wall clock
  constexpr std::int64_t lead = 2 * 86'400;
  std::int64_t before = from - lead - 60 + in.offset_at(from - lead - 60);
  for (std::int64_t t = from - lead; t <= to; t += 60) {
    const std::int64_t local = t + in.offset_at(t);
    bool fires = wanted.matches(local) && (wanted.follows_elapsed_time() || !seen.contains(local));
    for (std::int64_t skipped = before + 60; skipped < local && !wanted.follows_elapsed_time(); skipped += 60)
      fires = fires || wanted.matches(skipped);
    seen.insert(local);
    before = local;
    if (fires && t > from)
      found.push_back(t);
  }
  return found;
}

std::vector<std::int64_t> computed(const random_cron& wanted, std::int64_t from, std::int64_t to,
                                   const time_zone::zone& in) {
  std::vector<std::int64_t> found;
  const auto read = cron::parse(wanted.text());
  const instant until = from_ms(to * 1'000);
  for (auto next = from_ms(from * 1'000); read;) {
    const auto at = read->next(next, until, in);
    if (!at)
      break;
    found.push_back(to_ms(*at) / 1'000);
    next = *at;
  }
  return found;
}

struct change {
  const char* zone;
  std::int64_t utc;
};

constexpr std::array changes{
    change{"Europe/Paris", 1'743'296'400},        change{"Europe/Paris", 1'761'440'400},
    change{"America/New_York", 1'741'503'600},    change{"America/New_York", 1'762'063'200},
    change{"Australia/Lord_Howe", 1'743'865'200}, change{"Australia/Lord_Howe", 1'759'591'800},
    change{"America/Santiago", 1'743'908'400},    change{"America/Santiago", 1'757'217'600},
    change{"Africa/Casablanca", 1'740'276'000},   change{"Pacific/Apia", 1'325'239'200},
    change{"America/St_Johns", 1'741'498'200},    change{"Asia/Kathmandu", 1'743'296'400}};

} // namespace

BOOST_AUTO_TEST_SUITE(cron_minute_scan)

BOOST_AUTO_TEST_CASE(random_crons_come_when_a_scan_of_every_minute_says_so) {
  const time_zone::system_zones zones;
  std::mt19937 draw(20261120);
  for (int round = 0; round < 400; ++round) {
    const change& around = changes[draw() % changes.size()];
    const auto in = zones.find(around.zone).value();
    const random_cron wanted(draw);
    const std::int64_t from = around.utc - static_cast<std::int64_t>(draw() % 2'000) * 60;
    const std::int64_t to = from + 3 * 86'400;
    BOOST_TEST(computed(wanted, from, to, *in) == scanned(wanted, from, to, *in),
               wanted.text() << " in " << around.zone << " after " << from);
  }
}

BOOST_AUTO_TEST_SUITE_END()
