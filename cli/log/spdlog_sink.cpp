#include "cli/log/spdlog_sink.hpp"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

namespace troupe::cli {

using gateway::log_level;

namespace {

constexpr std::size_t file_bytes_max = 64u * 1024u * 1024u; // opens in any editor
constexpr std::size_t files_kept = 3;

log_level level_named(const std::string& name) {
  if (name == "error")
    return log_level::error;
  if (name == "warn")
    return log_level::warn;
  return name == "info" ? log_level::info : log_level::debug;
}

class spdlog_sink : public gateway::log_sink {
public:
  spdlog_sink(const log_options& options, spdlog::sink_ptr to)
      : least_(level_named(options.level))
      , options_(options)
      , logger_("troupe", std::move(to)) {
    logger_.set_pattern("%v"); // the line is complete before it gets here
    logger_.set_level(spdlog::level::trace);
    logger_.flush_on(spdlog::level::trace); // the last line before a crash is the one that matters
  }

  bool enabled(log_level level) const noexcept override { return level >= least_; }

  void write(const gateway::log_record& record) override {
    const auto line = options_.as_json ? log_line_json(record) : log_line_text(record, options_.colored);
    logger_.log(spdlog::level::info, spdlog::string_view_t(line));
  }

private:
  log_level least_;
  log_options options_;
  spdlog::logger logger_;
};

spdlog::sink_ptr sink_for(const log_options& options, std::ostream& stream) {
  if (options.file.empty())
    return std::make_shared<spdlog::sinks::ostream_sink_mt>(stream);
  return std::make_shared<spdlog::sinks::rotating_file_sink_mt>(options.file, file_bytes_max, files_kept);
}

} // namespace

result<std::shared_ptr<gateway::log_sink>> make_spdlog_sink(const log_options& options,
                                                            std::ostream& stream) {
  auto plain = options;
  plain.colored = options.colored && options.file.empty();
  try {
    return std::make_shared<spdlog_sink>(plain, sink_for(plain, stream));
  } catch (const spdlog::spdlog_ex& problem) {
    return fail(fault::unavailable, "cannot write the log file " + options.file + ": " + problem.what(),
                "set log.file to a place this user may write");
  }
}

} // namespace troupe::cli
