#include "cli/console/printer.hpp"
#include "cli/log/spdlog_sink.hpp"
#include "gateway/log/redact.hpp"

#include <nlohmann/json.hpp>

namespace troupe::cli {

using gateway::log_level;

namespace {

std::string dumped(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

/// Metadata that cannot be read is left out rather than written unchecked: it may hold a secret.
json metadata_of(const gateway::log_record& record) {
  if (record.fields.metadata.empty())
    return nullptr;
  auto metadata = json::parse(record.fields.metadata, nullptr, false);
  if (metadata.is_discarded())
    return "[unreadable]";
  gateway::redact(metadata);
  return metadata;
}

const char* colour_of(log_level level) noexcept {
  switch (level) {
  case log_level::debug:
    return "\x1b[2m";
  case log_level::info:
    return "\x1b[32m";
  case log_level::warn:
    return "\x1b[33m";
  case log_level::error:
    return "\x1b[31m";
  }
  return "";
}

} // namespace

std::string log_line_json(const gateway::log_record& record) {
  nlohmann::ordered_json line{{"time", to_rfc3339(record.at)},
                              {"level", gateway::to_string(record.level)},
                              {"service", record.service},
                              {"message", record.message}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty())
      line[name] = value;
  };
  add("correlationId", record.fields.correlation_id);
  add("userId", record.fields.user_id);
  add("action", record.fields.action);
  if (auto metadata = metadata_of(record); !metadata.is_null())
    line["metadata"] = metadata;
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string log_line_text(const gateway::log_record& record, bool colored) {
  auto level = std::string(gateway::to_string(record.level));
  level.resize(5, ' ');
  auto line = to_rfc3339(record.at) + " " + (colored ? colour_of(record.level) + level + "\x1b[0m" : level) +
              " " + record.service + ": " + one_line(record.message);
  if (!record.fields.user_id.empty())
    line += " user=" + one_line(record.fields.user_id);
  if (!record.fields.correlation_id.empty())
    line += " trace=" + one_line(record.fields.correlation_id);
  // For people the sentence is enough while all is well; the rest is for those who look for something.
  if (record.level == log_level::info)
    return line;
  if (auto metadata = metadata_of(record); !metadata.is_null())
    line += " " + dumped(metadata);
  return line;
}

} // namespace troupe::cli
