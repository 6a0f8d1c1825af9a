#include "config/expression/type.hpp"

#include <algorithm>
#include <array>

namespace troupe::expression {

struct type::parts {
  type first;  // the element of a list, the key of a map
  type second; // the item of a map
  std::vector<field> fields;
  bool open = false;
};

namespace {

const type unknown;
const type text_type(type_kind::text);
const std::vector<field> no_fields;

bool is_numeric(type_kind kind) {
  return kind == type_kind::integer || kind == type_kind::real || kind == type_kind::number;
}

// JSON's number stands for an int or a double.
bool numbers_fit(type_kind a, type_kind b) {
  return is_numeric(a) && is_numeric(b) && (a == type_kind::number || b == type_kind::number);
}

bool fits_object(const type& given, const type& expected) {
  return std::ranges::all_of(expected.fields(), [&](const field& wanted) {
    const field* there = given.find(wanted.name);
    return there ? fits(there->holds, wanted.holds) : given.is_open() || !wanted.required;
  });
}

type join_objects(const type& a, const type& b) {
  std::vector<field> fields;
  for (const field& f : a.fields()) {
    const field* other = b.find(f.name);
    fields.push_back({f.name,
                      other         ? join(f.holds, other->holds)
                      : b.is_open() ? type()
                                    : f.holds,
                      f.required && other && other->required});
  }
  for (const field& f : b.fields()) {
    if (!a.find(f.name))
      fields.push_back({f.name, a.is_open() ? type() : f.holds, false});
  }
  return type::object(std::move(fields), a.is_open() || b.is_open());
}

} // namespace

type type::list(type element) {
  type made(type_kind::list);
  made.parts_ = std::make_shared<const parts>(parts{std::move(element), {}, {}, false});
  return made;
}

type type::map(type key, type item) {
  type made(type_kind::map);
  made.parts_ = std::make_shared<const parts>(parts{std::move(key), std::move(item), {}, false});
  return made;
}

type type::object(std::vector<field> fields, bool open) {
  std::ranges::sort(fields, {}, &field::name);
  type made(type_kind::object);
  made.parts_ = std::make_shared<const parts>(parts{{}, {}, std::move(fields), open});
  return made;
}

const type& type::element() const { return is(type_kind::list) && parts_ ? parts_->first : unknown; }

const type& type::key() const {
  if (is(type_kind::object))
    return text_type;
  return is(type_kind::map) && parts_ ? parts_->first : unknown;
}

const type& type::item() const { return is(type_kind::map) && parts_ ? parts_->second : unknown; }

bool type::is_open() const noexcept { return !parts_ || parts_->open; }

const std::vector<field>& type::fields() const {
  return is(type_kind::object) && parts_ ? parts_->fields : no_fields;
}

const field* type::find(std::string_view name) const {
  const auto& all = fields();
  const auto at = std::ranges::lower_bound(all, name, {}, &field::name);
  return at != all.end() && at->name == name ? &*at : nullptr;
}

std::string type::name() const {
  constexpr std::array<std::string_view, 14> names{"dyn",      "null",   "bool",   "int",   "uint",
                                                   "double",   "number", "string", "bytes", "timestamp",
                                                   "duration", "type",   "list",   "map"};
  if (is(type_kind::list) && parts_)
    return "list(" + element().name() + ")";
  if (is(type_kind::map) && parts_)
    return "map(" + key().name() + ", " + item().name() + ")";
  if (!is(type_kind::object))
    return std::string(names[static_cast<std::size_t>(kind_)]);
  constexpr std::size_t named_max = 8;
  std::string shown;
  for (std::size_t i = 0; i < fields().size() && i < named_max; ++i)
    shown += (i > 0 ? ", " : "") + fields()[i].name;
  const bool more = is_open() || fields().size() > named_max;
  return "{" + shown + (more ? (shown.empty() ? "…" : ", …") : "") + "}";
}

bool fits(const type& given, const type& expected) {
  if (given.is_dyn() || expected.is_dyn())
    return true;
  if (given.is(type_kind::object) && expected.is(type_kind::map))
    return fits(text_type, expected.key()) && std::ranges::all_of(given.fields(), [&](const field& f) {
             return fits(f.holds, expected.item());
           });
  if (given.is(type_kind::map) && expected.is(type_kind::object))
    return fits(given.key(), text_type);
  if (given.kind() != expected.kind())
    return numbers_fit(given.kind(), expected.kind());
  switch (given.kind()) {
  case type_kind::list:
    return fits(given.element(), expected.element());
  case type_kind::map:
    return fits(given.key(), expected.key()) && fits(given.item(), expected.item());
  case type_kind::object:
    return fits_object(given, expected);
  default:
    return true;
  }
}

type join(const type& a, const type& b) {
  if (a.kind() != b.kind()) {
    if (is_numeric(a.kind()) && is_numeric(b.kind()))
      return type_kind::number;
    const bool maps = (a.is(type_kind::map) && b.is(type_kind::object)) ||
                      (a.is(type_kind::object) && b.is(type_kind::map));
    if (!maps)
      return {};
    const type& map = a.is(type_kind::map) ? a : b;
    return type::map(join(map.key(), text_type), {});
  }
  switch (a.kind()) {
  case type_kind::list:
    return type::list(join(a.element(), b.element()));
  case type_kind::map:
    return type::map(join(a.key(), b.key()), join(a.item(), b.item()));
  case type_kind::object:
    return join_objects(a, b);
  default:
    return a;
  }
}

type type_of(const value& v) {
  switch (v.kind()) {
  case value_kind::list: {
    type element;
    for (std::size_t i = 0; i < v.items().size(); ++i)
      element = i == 0 ? type_of(v.items()[i]) : join(element, type_of(v.items()[i]));
    return type::list(std::move(element));
  }
  case value_kind::map: {
    std::vector<field> fields;
    for (const map_entry& entry : v.entries()) {
      if (!entry.key.is(value_kind::text))
        return type_kind::map;
      fields.push_back({entry.key.as_text(), type_of(entry.item), true});
    }
    return type::object(std::move(fields), false);
  }
  default:
    return static_kind(v.kind());
  }
}

type_kind static_kind(value_kind kind) noexcept {
  using enum type_kind;
  constexpr std::array<type_kind, 12> kinds{null, boolean,   integer,  unsigned_integer,
                                            real, text,      bytes,    list,
                                            map,  timestamp, duration, type_kind::type};
  return kinds[static_cast<std::size_t>(kind)];
}

} // namespace troupe::expression
