#include "config/expression/operation.hpp"

#include <algorithm>
#include <array>

namespace troupe::expression {

tl::unexpected<refusal> reject(code what, std::string message, std::string hint) {
  return tl::unexpected<refusal>(
      std::make_unique<problem>(problem{what, std::move(message), {}, std::move(hint)}));
}

tl::unexpected<refusal> reject_kinds(std::string_view operation,
                                     std::initializer_list<const value*> operands) {
  std::string kinds;
  for (const value* operand : operands) {
    const std::string_view between = kinds.empty() ? "" : operand == *(operands.end() - 1) ? " and " : ", ";
    kinds += std::string(between) + std::string(to_string(operand->kind()));
  }
  return reject(code::no_overload, std::string(operation) + " does not take " + kinds);
}

refusal budget::spend(std::size_t steps) {
  if (steps < steps_left_) {
    steps_left_ -= steps;
    return nullptr;
  }
  steps_left_ = 0;
  return reject(code::limit, "the expression takes more than " + std::to_string(steps_max_) + " steps",
                "loop over less, or compute it in an agent")
      .value();
}

refusal budget::allow(std::size_t weight) const {
  if (weight <= weight_max_)
    return nullptr;
  return reject(code::limit, "a value would be larger than " + std::to_string(weight_max_) + " bytes")
      .value();
}

outcome budget::accept(value built) const {
  if (auto refused = allow(built.weight()))
    return tl::unexpected(std::move(refused));
  return built;
}

std::string_view type_name(value_kind kind) noexcept {
  switch (kind) {
  case value_kind::null:
    return "null_type";
  case value_kind::timestamp:
    return "google.protobuf.Timestamp";
  case value_kind::duration:
    return "google.protobuf.Duration";
  default:
    return to_string(kind);
  }
}

bool is_type_name(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 10> names{"bool",  "int",  "uint", "double",    "string",
                                                   "bytes", "list", "map",  "null_type", "type"};
  return std::ranges::find(names, name) != names.end();
}

outcome call_function(const function_entry& entry, std::span<const value> arguments,
                      const compiled_pattern* pattern, operation_context& in) {
  switch (entry.id) {
  case function::type_of:
    return value::type(std::string(type_name(arguments[0].kind())));
  case function::to_dyn:
    return arguments[0];
  case function::to_bool:
  case function::to_int:
  case function::to_uint:
  case function::to_double:
  case function::to_text:
  case function::to_bytes:
  case function::to_timestamp:
  case function::to_duration:
    return convert(entry.id, arguments[0]);
  case function::minimum:
  case function::maximum:
  case function::sum:
  case function::sort:
  case function::distinct:
  case function::join:
    return call_on_list(entry.id, arguments, in);
  case function::size:
    if (arguments[0].is(value_kind::list))
      return value::of(static_cast<std::int64_t>(arguments[0].items().size()));
    if (arguments[0].is(value_kind::map))
      return value::of(static_cast<std::int64_t>(arguments[0].entries().size()));
    return call_on_text(entry.id, arguments, pattern, in);
  case function::contains:
  case function::starts_with:
  case function::ends_with:
  case function::matches:
  case function::split:
  case function::lower:
  case function::upper:
    return call_on_text(entry.id, arguments, pattern, in);
  default:
    return call_on_time(entry.id, arguments, in);
  }
}

} // namespace troupe::expression
