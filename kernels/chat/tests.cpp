#include "kernels/chat/failure.hpp"
#include "kernels/chat/filters.hpp"
#include "kernels/chat/machine.hpp"
#include "kernels/chat/parameters.hpp"
#include "kernels/chat/python.hpp"
#include "kernels/unicode/properties.hpp"
#include "kernels/unicode/utf8.hpp"

#include <algorithm>
#include <array>

namespace troupe::kernels::chat {

namespace {

/// A question about the value alone.
template<bool (*Is)(const value&)>
value plain(machine&, const value& self, arguments args) {
  const parameters none("this test", std::move(args), {});
  return Is(self);
}

bool is_defined(const value& v) { return !v.is_undefined(); }
bool is_undefined(const value& v) { return v.is_undefined(); }
bool is_none(const value& v) { return v.is_none(); }
bool is_boolean(const value& v) { return v.is_boolean(); }
bool is_the_true(const value& v) { return v.is_boolean() && v.boolean(); }
bool is_the_false(const value& v) { return v.is_boolean() && !v.boolean(); }
bool is_integer(const value& v) { return v.is_integer(); }
bool is_real(const value& v) { return v.is_real(); }
bool is_number(const value& v) { return v.is_number(); }
bool is_text(const value& v) { return v.is_text(); }
bool is_mapping(const value& v) { return v.is_mapping(); }
bool is_callable(const value& v) {
  return v.is_undefined() || (v.is_object() && v.the_object()->is_callable());
}
bool is_iterable(const value& v) {
  return v.is_undefined() || v.is_text() || v.is_sequence() || v.is_mapping() ||
         (v.is_object() && v.the_object()->iterate() != nullptr);
}
bool is_sequence(const value& v) {
  const bool indexed =
      v.is_sequence() && (v.items().kind <= sequence_kind::group || v.items().kind == sequence_kind::range);
  return v.is_undefined() || v.is_text() || v.is_mapping() || indexed;
}
bool is_escaped(const value&) { return false; }

template<bool (*Wanted)(char32_t), bool (*Other)(char32_t)>
bool has_case(const value& v) {
  const auto characters = unicode::decoded(to_text(v));
  return std::ranges::any_of(characters, Wanted) && std::ranges::none_of(characters, Other);
}

value remainder(machine& with, const value& self, const value& by) { return arithmetic(with, "%", self, by); }

template<int Rest>
value parity(machine& with, const value& self, arguments args) {
  const parameters none("this test", std::move(args), {});
  return equal(remainder(with, self, 2), Rest);
}

value divisible(machine& with, const value& self, arguments args) {
  const parameters given("divisibleby", std::move(args), {"num"});
  return equal(remainder(with, self, given.at(0)), 0);
}

value is_in(machine& with, const value& self, arguments args) {
  const parameters given("in", std::move(args), {"seq"});
  return contains(with, given.at(0), self);
}

value same(machine&, const value& self, arguments args) {
  const parameters given("sameas", std::move(args), {"other"});
  const auto& other = given.at(0);
  if (self.held().index() != other.held().index())
    return false;
  if (self.is_sequence())
    return &self.items() == &other.items();
  return self.is_mapping() ? &self.entries() == &other.entries() : equal(self, other);
}

value equals(machine&, const value& self, arguments args) {
  const parameters given("eq", std::move(args), {"other"});
  return equal(self, given.at(0));
}

value differs(machine&, const value& self, arguments args) {
  const parameters given("ne", std::move(args), {"other"});
  return !equal(self, given.at(0));
}

enum class order : unsigned char { less, less_or_equal, greater, greater_or_equal };

template<order Wanted>
value ordered(machine&, const value& self, arguments args) {
  const parameters given("this test", std::move(args), {"other"});
  const auto found = compare(self, given.at(0), "<");
  switch (Wanted) {
  case order::less:
    return found < 0;
  case order::less_or_equal:
    return found <= 0;
  case order::greater:
    return found > 0;
  case order::greater_or_equal:
    return found >= 0;
  }
  return false;
}

value names_filter(machine&, const value& self, arguments) {
  return self.is_text() && has_filter(self.text());
}
value names_test(machine&, const value& self, arguments) { return self.is_text() && has_test(self.text()); }

constexpr std::array<named_function, 39> functions{{
    {"!=", differs},
    {"<", ordered<order::less>},
    {"<=", ordered<order::less_or_equal>},
    {"==", equals},
    {">", ordered<order::greater>},
    {">=", ordered<order::greater_or_equal>},
    {"boolean", plain<is_boolean>},
    {"callable", plain<is_callable>},
    {"defined", plain<is_defined>},
    {"divisibleby", divisible},
    {"eq", equals},
    {"equalto", equals},
    {"escaped", plain<is_escaped>},
    {"even", parity<0>},
    {"false", plain<is_the_false>},
    {"filter", names_filter},
    {"float", plain<is_real>},
    {"ge", ordered<order::greater_or_equal>},
    {"greaterthan", ordered<order::greater>},
    {"gt", ordered<order::greater>},
    {"in", is_in},
    {"integer", plain<is_integer>},
    {"iterable", plain<is_iterable>},
    {"le", ordered<order::less_or_equal>},
    {"lessthan", ordered<order::less>},
    {"lower", plain<has_case<unicode::is_lower, unicode::is_upper>>},
    {"lt", ordered<order::less>},
    {"mapping", plain<is_mapping>},
    {"ne", differs},
    {"none", plain<is_none>},
    {"number", plain<is_number>},
    {"odd", parity<1>},
    {"sameas", same},
    {"sequence", plain<is_sequence>},
    {"string", plain<is_text>},
    {"test", names_test},
    {"true", plain<is_the_true>},
    {"undefined", plain<is_undefined>},
    {"upper", plain<has_case<unicode::is_upper, unicode::is_lower>>},
}};

} // namespace

builtin::body find_test(std::string_view name) {
  const auto found = std::ranges::find(functions, name, &named_function::name);
  return found == functions.end() ? nullptr : found->run;
}

} // namespace troupe::kernels::chat
