#pragma once

#include "runtime/base/json_fwd.hpp"

#include <string>
#include <utility>

namespace troupe {

namespace detail {
template<class Json>
void add_members(Json&) {}

template<class Json, class Value, class... Rest>
void add_members(Json& into, std::string key, Value&& value, Rest&&... rest) {
  into[std::move(key)] = std::forward<Value>(value);
  add_members(into, std::forward<Rest>(rest)...);
}
} // namespace detail

/// `object("lead", lead, "score", 80)`: a JSON object without a braced list, which gcc 12 refuses in
/// co_await.
template<class... Members, class Json = json>
Json object(Members&&... members) {
  static_assert(sizeof...(Members) % 2 == 0, "object takes key, value pairs");
  Json made = Json::object();
  detail::add_members(made, std::forward<Members>(members)...);
  return made;
}

} // namespace troupe
