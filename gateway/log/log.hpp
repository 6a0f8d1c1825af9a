#pragma once

#include "runtime/base/time.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace troupe::gateway {

enum class log_level : unsigned char { debug, info, warn, error };
std::string_view to_string(log_level level) noexcept;

/// What a line may carry besides its sentence. `metadata` is the JSON text of an object.
struct log_fields {
  std::string correlation_id;
  std::string user_id;
  std::string action;
  std::string metadata;
};

struct log_record {
  instant at{};
  log_level level = log_level::info;
  std::string service;
  std::string message;
  log_fields fields;
};

/// Where log lines go. Any thread; must not throw. Secrets in `metadata` are struck out by name (see
/// redact.hpp).
class log_sink {
public:
  virtual ~log_sink() = default;
  virtual bool enabled(log_level level) const noexcept = 0;
  virtual void write(const log_record& record) = 0;
};

/// A named voice into a sink. Cheap to copy.
class service_logger {
public:
  service_logger(std::string service, std::shared_ptr<log_sink> sink, std::shared_ptr<clock_source> clock);

  void debug(std::string_view message, const log_fields& fields = {}) const;
  void info(std::string_view message, const log_fields& fields = {}) const;
  void warn(std::string_view message, const log_fields& fields = {}) const;
  void error(std::string_view message, const log_fields& fields = {}) const;

private:
  void write(log_level level, std::string_view message, const log_fields& fields) const;

  std::string service_;
  std::shared_ptr<log_sink> sink_;
  std::shared_ptr<clock_source> clock_;
};

/// The sink and clock of a process, from which each service takes its logger.
class log_book {
public:
  log_book(std::shared_ptr<log_sink> sink, std::shared_ptr<clock_source> clock);
  service_logger create_service_logger(std::string service) const;

private:
  std::shared_ptr<log_sink> sink_;
  std::shared_ptr<clock_source> clock_;
};

} // namespace troupe::gateway
