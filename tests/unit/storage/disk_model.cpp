#include "tests/unit/storage/disk_model.hpp"

#include <algorithm>
#include <fstream>

namespace troupe::testing {

using storage::disk_file;
using storage::disk_verdict;

namespace {

constexpr std::size_t sector = 512;

} // namespace

void disk_model::put(std::string& into, std::size_t offset, std::string_view bytes) {
  if (into.size() < offset + bytes.size())
    into.resize(offset + bytes.size());
  std::copy(bytes.begin(), bytes.end(), into.begin() + static_cast<std::ptrdiff_t>(offset));
}

disk_verdict disk_model::before_write(disk_file file, std::int64_t offset,
                                      std::span<const std::uint8_t> what) {
  const std::lock_guard hold(mutex_);
  const auto* bytes = reinterpret_cast<const char*>(what.data());
  files_[static_cast<std::size_t>(file)].pending.push_back(
      {static_cast<std::size_t>(offset), std::string(bytes, what.size())});
  return {};
}

/// A new length is taken as synced: the store shortens only what it no longer needs.
void disk_model::before_truncate(disk_file file, std::int64_t size) {
  const std::lock_guard hold(mutex_);
  modelled_file& f = files_[static_cast<std::size_t>(file)];
  for (const pending_write& w : f.pending)
    put(f.synced, w.offset, w.bytes);
  f.pending.clear();
  f.synced.resize(static_cast<std::size_t>(size));
}

int disk_model::before_sync(disk_file file) {
  if (at_sync)
    at_sync();
  const std::lock_guard hold(mutex_);
  modelled_file& f = files_[static_cast<std::size_t>(file)];
  for (const pending_write& w : f.pending)
    put(f.synced, w.offset, w.bytes);
  f.pending.clear();
  ++f.syncs;
  return 0;
}

std::size_t disk_model::syncs_of(disk_file file) const {
  const std::lock_guard hold(mutex_);
  return files_[static_cast<std::size_t>(file)].syncs;
}

std::string disk_model::image(const modelled_file& of, bool log, unsynced how, std::mt19937_64& random) {
  std::string content = of.synced;
  if (how == unsynced::lost)
    return content;
  for (const pending_write& w : of.pending)
    for (std::size_t at = 0; at < w.bytes.size(); at += sector) {
      const std::string_view piece = std::string_view(w.bytes).substr(at, sector);
      const bool zero = how == unsynced::zeroed && log;
      if (!zero && (how == unsynced::kept || random() % 2 == 0))
        put(content, w.offset + at, piece);
      else if (zero || w.offset + at >= of.synced.size())
        put(content, w.offset + at, std::string(piece.size(), '\0'));
    }
  return content;
}

void disk_model::write_image(const std::filesystem::path& folder, unsynced how,
                             std::mt19937_64& random) const {
  const std::lock_guard hold(mutex_);
  const std::array names = {"troupe.db", "troupe.db-wal"};
  for (std::size_t i = 0; i < names.size(); ++i)
    std::ofstream(folder / names[i], std::ios::binary) << image(files_[i], i == 1, how, random);
}

void failing_disk::fail_sync(disk_file file, int more, int code) {
  const std::lock_guard hold(mutex_);
  failing_ = file;
  syncs_left_ = more;
  sync_code_ = code;
}

void failing_disk::fail_writes(int code) {
  const std::lock_guard hold(mutex_);
  write_code_ = code;
}

void failing_disk::heal() {
  const std::lock_guard hold(mutex_);
  syncs_left_ = -1;
  write_code_ = 0;
}

disk_verdict failing_disk::before_write(disk_file, std::int64_t, std::span<const std::uint8_t> what) {
  const std::lock_guard hold(mutex_);
  return {write_code_, what.size() / 2};
}

int failing_disk::before_sync(disk_file file) {
  const std::lock_guard hold(mutex_);
  if (file != failing_ || syncs_left_ < 0)
    return 0;
  if (syncs_left_ > 0) {
    --syncs_left_;
    return 0;
  }
  return sync_code_;
}

} // namespace troupe::testing
