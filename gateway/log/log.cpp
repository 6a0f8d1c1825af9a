#include "gateway/log/log.hpp"

namespace troupe::gateway {

std::string_view to_string(log_level level) noexcept {
  switch (level) {
  case log_level::debug:
    return "debug";
  case log_level::info:
    return "info";
  case log_level::warn:
    return "warn";
  case log_level::error:
    return "error";
  }
  return "error";
}

service_logger::service_logger(std::string service, std::shared_ptr<log_sink> sink,
                               std::shared_ptr<clock_source> clock)
    : service_(std::move(service))
    , sink_(std::move(sink))
    , clock_(std::move(clock)) {}

void service_logger::write(log_level level, std::string_view message, const log_fields& fields) const {
  if (sink_->enabled(level))
    sink_->write({clock_->now(), level, service_, std::string(message), fields});
}

void service_logger::debug(std::string_view message, const log_fields& fields) const {
  write(log_level::debug, message, fields);
}
void service_logger::info(std::string_view message, const log_fields& fields) const {
  write(log_level::info, message, fields);
}
void service_logger::warn(std::string_view message, const log_fields& fields) const {
  write(log_level::warn, message, fields);
}
void service_logger::error(std::string_view message, const log_fields& fields) const {
  write(log_level::error, message, fields);
}

log_book::log_book(std::shared_ptr<log_sink> sink, std::shared_ptr<clock_source> clock)
    : sink_(std::move(sink))
    , clock_(std::move(clock)) {}

service_logger log_book::create_service_logger(std::string service) const {
  return {std::move(service), sink_, clock_};
}

} // namespace troupe::gateway
