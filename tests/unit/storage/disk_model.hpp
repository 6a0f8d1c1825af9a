#pragma once

#include "storage/sqlite/disk_hook.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace troupe::testing {

/// What a disk may hold if the power fails now: everything synced, and of every later write any of its
/// sectors.
class disk_model final : public storage::disk_hook {
public:
  /// kept: all later writes are there; lost: none; torn: any of their sectors; zeroed: those to the log are
  /// zeros.
  enum class unsynced : std::uint8_t { kept, lost, torn, zeroed };

  /// Called just before a sync takes effect, on the thread that syncs. Set it before the store is opened.
  std::function<void()> at_sync;

  storage::disk_verdict before_write(storage::disk_file file, std::int64_t offset,
                                     std::span<const std::uint8_t> what) override;
  void before_truncate(storage::disk_file file, std::int64_t size) override;
  int before_sync(storage::disk_file file) override;

  /// Writes troupe.db and its log as they may be found after a power failure.
  void write_image(const std::filesystem::path& folder, unsynced how, std::mt19937_64& random) const;

  std::size_t syncs_of(storage::disk_file file) const;

private:
  struct pending_write {
    std::size_t offset = 0;
    std::string bytes;
  };
  struct modelled_file {
    std::string synced;
    std::vector<pending_write> pending;
    std::size_t syncs = 0;
  };
  static void put(std::string& into, std::size_t offset, std::string_view bytes);
  static std::string image(const modelled_file& of, bool log, unsynced how, std::mt19937_64& random);

  mutable std::mutex mutex_;
  std::array<modelled_file, 2> files_;
};

/// A disk that begins to fail on command.
class failing_disk final : public storage::disk_hook {
public:
  /// The sync after `more` others fails with `code`, and all after it.
  void fail_sync(storage::disk_file file, int more, int code);
  /// From now on a write puts half of its bytes down and fails with `code`.
  void fail_writes(int code);
  void heal();

  storage::disk_verdict before_write(storage::disk_file file, std::int64_t offset,
                                     std::span<const std::uint8_t> what) override;
  void before_truncate(storage::disk_file, std::int64_t) override {}
  int before_sync(storage::disk_file file) override;

private:
  std::mutex mutex_;
  storage::disk_file failing_ = storage::disk_file::wal;
  int syncs_left_ = -1; // negative: syncs succeed
  int sync_code_ = 0;
  int write_code_ = 0;
};

} // namespace troupe::testing
