#pragma once

#include "tests/support/journal_contract.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>

namespace troupe::testing {

/// A store with threads of its own: waiting for it is waiting for its answers.
class waiting_rig : public journal_rig {
public:
  journal::store& store() override { return *store_; }
  void reopen() override;
  void let_work(const std::function<bool()>& done) override;
  void answered() override;

  void close() { store_.reset(); }
  /// Opens the store; the test goes on with an error.
  result<void> open();

protected:
  virtual result<std::unique_ptr<journal::store>> open_store() = 0;

private:
  std::mutex mutex_;
  std::condition_variable answered_;
  std::unique_ptr<journal::store> store_;
};

} // namespace troupe::testing
