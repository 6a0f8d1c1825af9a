#pragma once

#include "runtime/effects/executor.hpp"

#include <filesystem>

namespace troupe::floor {

/// The demo's outside world: a bank that writes every request it receives to a file of its own, one line each
/// with its idempotency key, and takes its time. It remembers nothing: what reaches it twice stands there
/// twice.
class simulated_bank final : public effect_executor {
public:
  explicit simulated_bank(std::filesystem::path ledger)
      : ledger_(std::move(ledger)) {}
  outcome execute(const effect_request& request, const cancel_token& canceled,
                  progress_sink& progress) override;

private:
  std::filesystem::path ledger_;
};

} // namespace troupe::floor
