#pragma once

#include "config/result.hpp"
#include "runtime/base/json_fwd.hpp"
#include "runtime/base/time.hpp"
#include "runtime/effects/outcome.hpp"

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::builtin {

/// Reads what a step gave in `with`: every mistake is one sentence that names the field.
class arguments {
public:
  /// `what` names the action in messages: "http.get". Refuses anything but an object of the known fields.
  static result<arguments> read(std::string_view text, std::string what,
                                std::initializer_list<std::string_view> known);

  /// The object with its secrets let in.
  void replace(const json& with);
  const json& all() const;

  const json* find(std::string_view name) const; // null and absent are the same
  result<std::string> text(std::string_view name) const;
  result<std::optional<std::string>> optional_text(std::string_view name) const;
  /// 250ms, 30s, 5m: at least a millisecond.
  result<std::optional<milliseconds>> duration(std::string_view name) const;
  tl::unexpected<error> refuse(std::string_view name, std::string_view wanted) const;

private:
  explicit arguments(std::string what, std::shared_ptr<json> all);
  std::string what_;
  std::shared_ptr<json> all_;
};

outcome refused(const error& why);

/// The shorter of what the step wants and what is left until its deadline; at least 1 ms.
milliseconds time_for(std::optional<milliseconds> wanted, milliseconds usual, instant deadline, instant now);

} // namespace troupe::builtin
