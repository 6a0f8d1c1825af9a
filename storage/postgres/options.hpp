#pragma once

#include "config/result.hpp"
#include "storage/limits.hpp"
#include "storage/unsafe_options.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

namespace troupe::storage {

struct postgres_options {
  std::string server;              // URI or key=value list, as libpq reads it
  std::string schema = "troupe";   // a store is a schema: created if it is not there
  std::filesystem::path directory; // the node's own folder: lock and store.no
  std::size_t group_max = limits::postgres_group_max;
  std::size_t blob_threshold = limits::blob_threshold;
  unsigned readers = 4;

  /// Limits of a statement of the writer. A node that stops in the middle of one keeps others out that long.
  std::chrono::milliseconds statement_limit{2'000};
  /// How long questions of people wait for a server that is away.
  std::chrono::milliseconds patience{3'000};

  /// The store may be behind store.no: what was acknowledged and is lost stays lost.
  bool accept_loss = false;

  /// Something a person should know, while all goes on. Any thread.
  std::function<void(const std::string&)> warn = [](const std::string&) {};

  /// This node can no longer write; called once, on the writer's thread. The node must stop.
  std::function<void(const error&)> died = [](const error&) {};

  unsafe_options unsafe_for_oracle_tests;
};

} // namespace troupe::storage
