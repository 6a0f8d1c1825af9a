#include "workflows/language/grammar/shape.hpp"

#include <algorithm>

namespace troupe::workflow::grammar {

std::string_view expected(const shape& s) {
  switch (s.is) {
  case form::value:
    return "a value";
  case form::condition:
    return "a condition: ${{ … }}, true or false";
  case form::text:
  case form::formula_text:
    return "text";
  case form::identifier:
  case form::label:
  case form::kind:
    return "a name";
  case form::word:
    return "one of a few words";
  case form::boolean:
    return "true or false";
  case form::count:
  case form::count_or_formula:
    return "a whole number";
  case form::amount:
    return "a number";
  case form::duration:
  case form::duration_or_formula:
    return "a duration such as 30s, 5m or 2h";
  case form::schema:
    return "a JSON Schema (a map)";
  case form::steps:
    return "a list of steps";
  case form::step:
    return "a step (a map)";
  case form::map:
    return "a map";
  case form::named:
    return "a map of names";
  case form::list:
    return "a list";
  case form::one_or_many:
    return "a map, or a list of maps";
  case form::either:
    return s.choices.empty() ? "a value" : expected(*s.choices.front());
  }
  return "a value";
}

const key* find_key(std::span<const key> keys, std::string_view name) {
  const auto found = std::find_if(keys.begin(), keys.end(), [=](const key& k) { return k.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

} // namespace troupe::workflow::grammar
