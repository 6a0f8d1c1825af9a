#pragma once

#include "runtime/journal/rows.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::storage {

/// Why an agent cannot be purged, gathered for a person.
class open_reasons {
public:
  /// A row of a class that keeps its agent.
  void row(journal::row_class cls);
  void unsent(std::uint64_t messages);
  void effect() { add("an outside effect"); }
  const std::string& text() const noexcept { return text_; }

private:
  void add(std::string_view reason);
  std::string text_;
};

} // namespace troupe::storage
