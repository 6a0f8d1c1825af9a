#pragma once

#include "kernels/adapters/adapter.hpp"
#include "kernels/base/result.hpp"
#include "kernels/serving/prefix_cache.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::kernels {

struct registry_limits {
  std::size_t registered_max = 1'024;
  std::size_t live_max = 64; // in memory at once, old versions still in use included
};

/// Adapters by name: where each one is on disk, which are in memory, and who uses them. Reads no file itself:
/// it says what to load and is told how that ended, so that loading never holds up a step. The least recently
/// used adapter makes room; those in use and those that are pinned stay. A replacement takes the place of the
/// old version when it is loaded, between two steps; who began with the old one ends with it.
class adapter_registry {
public:
  explicit adapter_registry(registry_limits limits = {})
      : limits_(limits) {}

  /// A new name, or a new version of one. The old version goes on until the new one is in memory; a broken
  /// new one changes nothing but `problem`.
  result<done> put(const std::string& name, std::string path);
  /// No new text may use it; texts under way end with it. `not_found` if there is no such name.
  result<done> remove(std::string_view name);
  /// Pinned adapters are loaded at once and stay. `refused` if all places would be pinned.
  result<done> pin(std::string_view name, bool pinned);

  struct lease {
    adapter_key key;
    std::shared_ptr<const adapter> with;
  };
  enum class answer : std::uint8_t { live, loading, broken, unknown };
  struct acquired {
    answer what = answer::unknown;
    lease held = {};
    std::string problem = {}; // of a broken one
  };
  /// The current version, for one text; or it is asked for, and the text has to wait.
  acquired acquire(std::string_view name);
  /// Each lease once. True if this was the last use of a version that nobody can ask for any more.
  bool release(const adapter_key& key);

  struct job {
    std::string name;
    std::string path;
    adapter_key key;
  };
  /// The next adapter to load; nothing if none is wanted or no place can be made.
  std::optional<job> next_job();
  /// How a job ended. Gives the versions that nobody can ask for any more.
  std::vector<adapter_key> loaded(const job& done, result<std::shared_ptr<const adapter>> made);

  struct entry_view {
    std::string name;
    std::string path;
    std::uint64_t version = 0;
    bool live = false;
    bool pinned = false;
    std::size_t users = 0;
    std::string problem; // why the newest path could not be loaded
  };
  std::vector<entry_view> list() const;
  bool knows(std::string_view name) const { return entries_.contains(name); }
  std::size_t registered() const noexcept { return entries_.size(); }
  std::size_t live() const noexcept { return live_.size(); }
  std::uint64_t loads() const noexcept { return loads_; }
  std::uint64_t evictions() const noexcept { return evictions_; }

private:
  struct entry {
    std::uint64_t id = 0;
    std::uint64_t version = 0; // that acquire gives
    std::string path = {};     // of that version
    std::uint64_t next_version = 0;
    std::string next_path = {}; // of a replacement that is not loaded yet
    bool wanted = false;
    bool loading = false;
    bool pinned = false;
    bool broken = false; // the last load of `path` failed
    std::string problem = {};
  };
  struct resident {
    std::shared_ptr<const adapter> with;
    std::size_t users = 0;
    std::uint64_t used = 0;
    bool current = true;
    bool pinned = false;
  };

  bool make_room();
  void want(const std::string& name, entry& of);
  void retire(const adapter_key& key, std::vector<adapter_key>& gone);

  registry_limits limits_;
  std::map<std::string, entry, std::less<>> entries_;
  std::map<adapter_key, resident> live_;
  std::deque<std::string> queue_; // names to load
  std::size_t loading_ = 0;
  std::uint64_t last_id_ = 0;
  std::uint64_t clock_ = 0;
  std::uint64_t loads_ = 0;
  std::uint64_t evictions_ = 0;
};

} // namespace troupe::kernels
