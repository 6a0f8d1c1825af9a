#pragma once

#include "kernels/chat/object.hpp"

namespace troupe::kernels::chat {

struct named_function {
  std::string_view name;
  builtin::body run;
};

/// Filters and tests by name; null if there is none. `self` is what stands in front of the bar or of `is`.
builtin::body find_filter(std::string_view name);
builtin::body find_test(std::string_view name);
inline bool has_filter(std::string_view name) { return find_filter(name) != nullptr; }
inline bool has_test(std::string_view name) { return find_test(name) != nullptr; }

/// Functions that every template has.
builtin::body find_global(std::string_view name);

// The filters by kind, each list in its own source.
builtin::body text_filter(std::string_view name);
builtin::body list_filter(std::string_view name);
builtin::body value_filter(std::string_view name);
builtin::body selecting_filter(std::string_view name);

/// What `run` will give, once somebody goes through it: Jinja's generators do nothing before that.
value deferred(builtin::body run, const value& self, arguments args);

/// A filter that is put off in this way.
template<builtin::body Run>
value put_off(machine&, const value& self, arguments args) {
  return deferred(Run, self, std::move(args));
}

/// What `attribute="a.b"` or `attribute=0` takes from each item.
class item_path {
public:
  explicit item_path(const value& attribute);

  value of(machine& with, const value& item) const;
  const std::optional<value>& otherwise() const { return otherwise_; }
  void set_otherwise(value what) { otherwise_ = std::move(what); }

private:
  value_list parts_;
  std::optional<value> otherwise_; // in place of what is undefined
};

/// Texts in lower case, all else as it is: how filters compare unless told to mind the case.
value without_case(machine& with, const value& v);

} // namespace troupe::kernels::chat
