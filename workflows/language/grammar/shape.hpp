#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace troupe::workflow::grammar {

/// What a value in a file may be. The shape check, the JSON Schema for editors and the reference in docs/ are
/// all made from these tables.
enum class form : std::uint8_t {
  value,        // anything, with expressions anywhere in it
  condition,    // an expression that gives a boolean, or a boolean
  text,         // text as it stands
  formula_text, // text, maybe with expressions
  identifier,   // a name that expressions can use
  label,        // [a-z0-9-]{1,63}
  kind,         // dotted name of an agent or message
  word,         // one of a few words
  boolean,
  count, // a whole number within bounds
  count_or_formula,
  amount,   // a number from zero
  duration, // 250ms, 30s, 5m, 2h, 1d
  duration_or_formula,
  schema,      // a JSON Schema
  steps,       // a list of steps, never empty
  step,        // one step
  map,         // of the keys given
  named,       // of names to `of`, in the order written
  list,        // of `of`
  one_or_many, // `of`, or a list of it
  either       // one of `choices`, told apart by kind
};

struct key;

struct shape {
  form is = form::value;
  std::string_view words = {};                // of `word`, separated by blanks
  bool names = false;                         // of `named`: expressions must be able to use them
  std::span<const key> keys = {};             // of `map`
  std::string_view one_of = {};               // of `map`: exactly one of these keys is given
  const shape* of = nullptr;                  // of `list`, `named`, `one_or_many`
  std::span<const shape* const> choices = {}; // of `either`
  std::int64_t least = 0;                     // of counts; of lists and maps: how many entries
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

struct key {
  std::string_view name;
  const shape* holds;
  bool required;
  std::string_view doc; // one sentence
};

/// "a duration such as 30s or 2h": what belongs there, for messages.
std::string_view expected(const shape& s);

const key* find_key(std::span<const key> keys, std::string_view name);

} // namespace troupe::workflow::grammar
