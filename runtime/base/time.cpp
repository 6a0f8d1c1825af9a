#include "runtime/base/time.hpp"

#include <cstdio>

namespace troupe {

std::string to_rfc3339(instant t) {
  if (t == never)
    return "never";
  using namespace std::chrono;
  auto day = floor<days>(t);
  year_month_day date(day);
  hh_mm_ss time(t - day);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return text;
}

} // namespace troupe
