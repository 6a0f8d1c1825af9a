#pragma once

#include "bench/journal/floor.hpp"
#include "runtime/journal/journal.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace troupe::bench {

/// A store in a fresh folder; a failure ends the benchmark.
class fresh_store {
public:
  explicit fresh_store(std::filesystem::path folder);
  ~fresh_store();
  journal::store& operator*() { return *store_; }
  journal::store* operator->() { return store_.get(); }
  void close() { store_.reset(); }
  void open();

private:
  std::filesystem::path folder_;
  std::unique_ptr<journal::store> store_;
};

/// What each turn of the load writes.
enum class turn_kind : std::uint8_t {
  tell,     // applies one 200 B message and sends the next
  document, // keeps a 200 B document
  full      // both, and an event
};

struct load_result {
  double turns_per_second = 0;
  latencies turn;
};

/// Agents that each commit a turn as soon as the one before is durable.
load_result run_load(journal::store& on, turn_kind kind, std::size_t agents,
                     std::chrono::milliseconds how_long);

/// Claims, gives each a document and forgets them: what passivated agents leave in the file.
void add_passive_agents(journal::store& on, std::size_t count);

journal::loaded_agent claim(journal::store& on, const std::string& name);

} // namespace troupe::bench
