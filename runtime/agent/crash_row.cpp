#include "runtime/agent/crash_row.hpp"

#include "runtime/wire/journal.pb.h"

#include <nlohmann/json.hpp>

namespace troupe {

std::string encode(const crash_row& row) {
  wire::Crash message;
  message.set_count(row.count);
  message.set_last(row.last);
  message.set_session(row.session);
  return message.SerializeAsString();
}

crash_row decode_crash(std::string_view bytes) {
  wire::Crash message;
  message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return crash_row{message.count(), message.last(), message.session()};
}

std::string crash_detail(const std::string& subject, std::uint32_t count, const std::string& problem) {
  auto detail = nlohmann::json::object();
  if (!subject.empty()) {
    detail["subject"] = subject;
    detail["count"] = count;
  }
  detail["problem"] = problem;
  return detail.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace troupe
