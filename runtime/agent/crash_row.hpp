#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace troupe {

/// What the crash of something ephemeral counts against: nobody, for it does not come again.
inline constexpr const char* told_subject = "told";

/// Row of class `crash`: how often one message, or one answer to one task, has crashed its handler.
struct crash_row {
  std::uint32_t count = 0;
  std::string last;
  std::uint64_t session = 0; // of the process whose fatal signal was counted last: counted once
};
std::string encode(const crash_row& row);
crash_row decode_crash(std::string_view bytes);

/// The detail of a `crashed` or `agent_failed` event, as JSON text.
std::string crash_detail(const std::string& subject, std::uint32_t count, const std::string& problem);

} // namespace troupe
