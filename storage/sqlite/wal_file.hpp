#pragma once

#include <array>
#include <cstdint>
#include <memory>

struct sqlite3_file;

namespace troupe::storage {

class disk_hook;

/// The write-ahead log beneath one connection. SQLite computes a frame's checksum before it hands the page
/// out, so sealing the page means computing the whole chain of frame checksums here; what reaches the disk is
/// a log that any SQLite can recover, whose pages are sealed already when they move to the main file. Writes
/// are gathered and reach the file in one call at the next sync, read or size question. All calls return
/// SQLite result codes; nothing throws (the caller is C).
class wal_file {
public:
  wal_file(sqlite3_file* real, disk_hook* hook) noexcept
      : real_(real)
      , hook_(hook) {}

  int write(const std::uint8_t* from, int size, std::int64_t offset) noexcept;
  int read(std::uint8_t* to, int size, std::int64_t offset) noexcept;
  int sync(int flags) noexcept;
  int flush() noexcept;

private:
  static constexpr int file_header_bytes = 32;
  static constexpr int frame_header_bytes = 24;

  struct chain {
    std::uint32_t first = 0;
    std::uint32_t second = 0;
  };

  int begin_log(const std::uint8_t* header) noexcept;
  int add_page(const std::uint8_t* page) noexcept;
  int find_chain(std::int64_t frame) noexcept;
  int gather(const std::uint8_t* from, std::size_t size, std::int64_t offset) noexcept;
  int read_page(std::uint8_t* to, std::int64_t offset) noexcept;
  void extend(chain& sum, const std::uint8_t* from, int size) const noexcept;

  sqlite3_file* real_;
  disk_hook* hook_;

  std::unique_ptr<std::uint8_t[]> gathered_;
  std::size_t gathered_size_ = 0;
  std::int64_t gathered_at_ = 0;

  std::array<std::uint8_t, frame_header_bytes> header_{}; // of the frame whose page comes next
  std::int64_t header_at_ = -1;

  chain chain_; // as it stands after the frame that ends at chain_end_
  std::int64_t chain_end_ = -1;
  bool big_endian_words_ = false;
};

} // namespace troupe::storage
