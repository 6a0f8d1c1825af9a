#pragma once

#include "config/result.hpp"
#include "storage/limits.hpp"
#include "storage/unsafe_options.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace troupe::storage {

class disk_hook;

struct sqlite_options {
  std::filesystem::path directory;
  std::size_t group_max = limits::group_max;
  std::size_t blob_threshold = limits::blob_threshold;
  unsigned readers = 2;
  std::int64_t checkpoint_bytes = limits::wal_checkpoint_bytes; // log size at which its pages move
  std::int64_t wal_alarm_bytes = limits::wal_alarm_bytes;       // log size that is worth a warning

  /// The database may be behind commit.no: what was acknowledged and is lost stays lost.
  bool accept_loss = false;

  /// Something a person should know, while all goes on. Any thread.
  std::function<void(const std::string&)> warn = [](const std::string&) {};

  /// The store can no longer write; called once, on the writer's thread. The node must stop.
  std::function<void(const error&)> died = [](const error&) {};

  disk_hook* disk = nullptr; // tests only; must outlive the store
  unsafe_options unsafe_for_oracle_tests;
};

} // namespace troupe::storage
