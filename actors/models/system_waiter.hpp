#pragma once

#include "actors/models/retry.hpp"

namespace troupe::models {

/// Waits in real time on the calling thread, looking at the cancel token every limits::cancel_poll.
class system_waiter final : public waiter {
public:
  bool wait(milliseconds duration, const cancel_token& canceled) override;
};

} // namespace troupe::models
