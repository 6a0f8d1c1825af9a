#pragma once

#include "config/expression/value.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::expression {

enum class type_kind : std::uint8_t {
  dyn, // not known before it runs; fits everywhere
  null,
  boolean,
  integer,
  unsigned_integer,
  real,
  number, // JSON Schema's number: an int or a double, known when it runs
  text,
  bytes,
  timestamp,
  duration,
  type,
  list,
  map,
  object // a map whose keys are known fields
};

struct field;

/// What is known of a value before it is there. Immutable and cheap to copy.
class type {
public:
  type() = default; // dyn
  type(type_kind simple)
      : kind_(simple) {} // list and map of dyn, an open object without fields
  static type list(type element);
  static type map(type key, type item);
  /// `open`: it may hold other fields than these, of which nothing is known.
  static type object(std::vector<field> fields, bool open);

  type_kind kind() const noexcept { return kind_; }
  bool is(type_kind kind) const noexcept { return kind_ == kind; }
  bool is_dyn() const noexcept { return is(type_kind::dyn); }

  const type& element() const; // of a list; of other kinds dyn
  const type& key() const;     // of a map; a string of an object; else dyn
  const type& item() const;    // of a map; else dyn
  bool is_open() const noexcept;
  const std::vector<field>& fields() const; // of an object, ascending by name; else none
  const field* find(std::string_view name) const;

  /// int, list(string), map(string, dyn), {currency, quote}
  std::string name() const;

private:
  struct parts;
  type_kind kind_ = type_kind::dyn;
  std::shared_ptr<const parts> parts_;
};

struct field {
  std::string name;
  type holds;
  bool required = true;
};

/// Whether a value of one type may stand where the other is expected.
bool fits(const type& given, const type& expected);

/// The narrowest type that both fit.
type join(const type& a, const type& b);

/// What is known of a value that is there already.
type type_of(const value& v);
type_kind static_kind(value_kind kind) noexcept;

} // namespace troupe::expression
