#pragma once

#include "config/result.hpp"
#include "gateway/log/log.hpp"

#include <iosfwd>
#include <memory>
#include <string>

namespace troupe::cli {

struct log_options {
  std::string level = "info"; // trace debug info warn error
  bool as_json = false;
  bool colored = false; // text on a terminal only
  std::string file;     // empty: the stream
};

/// Log lines through spdlog, one at a time, flushed: as JSON objects or as text for people. A file is cut at
/// 64 MiB and three older ones are kept. Secrets in metadata are struck out. `stream` must outlive the sink.
result<std::shared_ptr<gateway::log_sink>> make_spdlog_sink(const log_options& options, std::ostream& stream);

/// One line, without its end, as it is written.
std::string log_line_json(const gateway::log_record& record);
std::string log_line_text(const gateway::log_record& record, bool colored);

} // namespace troupe::cli
