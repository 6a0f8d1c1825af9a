#pragma once

#include "kernels/chat/value.hpp"

namespace troupe::kernels::chat {

/// Names of one block and, behind it, of those around it. A loop's turn has its own, an if's branch has not.
class scope {
public:
  explicit scope(std::shared_ptr<scope> around)
      : around_(std::move(around)) {}

  void set(const std::string& name, value what) {
    for (auto& [known, held] : names_)
      if (known == name) {
        held = std::move(what);
        return;
      }
    names_.emplace_back(name, std::move(what));
  }

  const value* find(const std::string& name) const {
    for (const auto* at = this; at != nullptr; at = at->around_.get())
      for (const auto& [known, held] : at->names_)
        if (known == name)
          return &held;
    return nullptr;
  }

private:
  std::vector<std::pair<std::string, value>> names_;
  std::shared_ptr<scope> around_;
};

using scope_ptr = std::shared_ptr<scope>;

} // namespace troupe::kernels::chat
