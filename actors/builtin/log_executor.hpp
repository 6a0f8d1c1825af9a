#pragma once

#include "runtime/effects/executor.hpp"

#include <functional>
#include <string>

namespace troupe::builtin {

/// One line of log.write. `fields` is the JSON text of an object.
struct log_line {
  std::string level; // debug, info, warn, error
  std::string message;
  std::string fields;
  std::string agent; // who says it
  std::string key;   // the effect's: a line that a crash repeated has the same
};
using log_port = std::function<void(const log_line&)>;

/// log.write. A crash may write a line twice. References to secrets stay references. Any thread that `to`
/// bears.
class log_executor final : public effect_executor {
public:
  explicit log_executor(log_port to)
      : to_(std::move(to)) {}
  outcome execute(const effect_request& request, const cancel_token& canceled,
                  progress_sink& progress) override;

private:
  log_port to_;
};

} // namespace troupe::builtin
