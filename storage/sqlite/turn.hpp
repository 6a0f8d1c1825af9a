#pragma once

#include "runtime/journal/journal.hpp"
#include "storage/sqlite/operation.hpp"

#include <functional>

namespace troupe::storage {

/// Commits one turn, whole or not at all.
class turn_operation final : public operation {
public:
  turn_operation(journal::turn_commit turn, std::function<void(journal::receipt)> done);

  void apply(write_context& on) override;
  void answer() override;
  void abandon(const error& why) override;
  std::size_t weight() const override { return weight_; }

private:
  /// Empty: the turn may be written. Nothing has been changed but, when a mark had moved, the agent's epoch.
  std::string refusal(write_context& on);
  std::string mark_refusal(write_context& on);
  void write(write_context& on);
  void write_agent(write_context& on);
  void write_rows(write_context& on);
  void write_messages(write_context& on);

  journal::turn_commit turn_;
  std::function<void(journal::receipt)> done_;
  journal::receipt receipt_;
  std::size_t weight_ = 0;
};

} // namespace troupe::storage
