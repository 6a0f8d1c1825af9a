#pragma once

#include "config/result.hpp"

#include <cstddef>

namespace troupe::storage {

struct write_context;

/// One thing the writer was asked to do. `apply` and `finish` run inside the group's transaction and throw
/// sql_error; then exactly one of `answer` (the group is durable) and `abandon` (it is not, and never will
/// be).
class operation {
public:
  operation() = default;
  operation(const operation&) = delete;
  operation& operator=(const operation&) = delete;
  virtual ~operation() = default;

  /// In the order in which operations were handed in.
  virtual void apply(write_context& on) = 0;
  /// Once all of the group is in the tables.
  virtual void finish(write_context&) {}
  virtual void answer() = 0;
  virtual void abandon(const error& why) = 0;
  /// Payload bytes, to bound a group.
  virtual std::size_t weight() const { return 0; }
};

} // namespace troupe::storage
