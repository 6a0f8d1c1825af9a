#pragma once

#include "cli/commands/check.hpp"
#include "config/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace troupe::cli {

/// Appends blocks of 4 KiB to a file of its own in `folder`, each made durable with fdatasync: the floor
/// under any journal there. The file is removed.
result<latencies> measure_fdatasync(const std::string& folder, std::size_t writes);

/// Bytes an unprivileged process may still write there.
result<std::uint64_t> free_bytes(const std::string& folder);

} // namespace troupe::cli
