#pragma once

#include "kernels/chat/object.hpp"

#include <initializer_list>

namespace troupe::kernels::chat {

/// A call's arguments bound to a builtin's parameters. Throws template_failure for too many or unknown ones.
class parameters {
public:
  parameters(std::string_view function, arguments args, std::initializer_list<std::string_view> names);

  bool has(std::size_t at) const noexcept { return bound_[at].has_value(); }
  const value& at(std::size_t at) const;
  value value_or(std::size_t at, value otherwise) const;
  bool flag_or(std::size_t at, bool otherwise) const;
  std::int64_t whole_or(std::size_t at, std::int64_t otherwise) const;
  /// str() of it.
  std::string text_or(std::size_t at, std::string otherwise) const;
  /// It must be a string.
  const std::string& text(std::size_t at) const;

private:
  std::string function_;
  std::vector<std::string_view> names_;
  std::vector<std::optional<value>> bound_;
};

} // namespace troupe::kernels::chat
