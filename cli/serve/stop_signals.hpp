#pragma once

#include <functional>

namespace troupe::cli {

/// Waits for SIGINT or SIGTERM, then runs `drain` and returns; SIGHUP runs `reload` before that. A second
/// signal, or a drain that takes longer than a minute, ends the process at once with 1: what was acknowledged
/// is in the journal.
void serve_until_signal(const std::function<void()>& drain, const std::function<void()>& reload);

} // namespace troupe::cli
