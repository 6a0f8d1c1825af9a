#include "storage/sqlite/wal_file.hpp"

#include "storage/limits.hpp"
#include "storage/sqlite/disk_hook.hpp"
#include "storage/sqlite/page_checksum.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <sqlite3.h>
#include <utility>

namespace troupe::storage {
namespace {

constexpr int page_bytes = limits::page_bytes;

// Offsets within the log's header and a frame's header (sqlite.org/fileformat2.html §4.1).
constexpr int log_chain_at = 24;
constexpr int frame_chain_at = 16;
constexpr int chained_header_bytes = 8; // page number and commit size; the salts are not in the sum

std::uint32_t get_big(const std::uint8_t* at) noexcept {
  return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | at[3];
}

void put_big(std::uint8_t* at, std::uint32_t value) noexcept {
  for (int i = 0; i < 4; ++i)
    at[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

std::uint32_t get_little(const std::uint8_t* at) noexcept {
  return std::uint32_t{at[3]} << 24 | std::uint32_t{at[2]} << 16 | std::uint32_t{at[1]} << 8 | at[0];
}

template<auto Word>
void add_words(std::uint32_t& first, std::uint32_t& second, const std::uint8_t* from, int size) noexcept {
  for (int i = 0; i < size; i += 8) {
    first += Word(from + i) + second;
    second += Word(from + i + 4) + first;
  }
}

} // namespace

int wal_file::write(const std::uint8_t* from, int size, std::int64_t offset) noexcept {
  constexpr int frame_bytes = frame_header_bytes + page_bytes;
  if (size == file_header_bytes && offset == 0)
    return begin_log(from);
  if (size == frame_header_bytes && (offset - file_header_bytes) % frame_bytes == 0) {
    std::copy_n(from, size, header_.begin());
    header_at_ = offset;
    return SQLITE_OK;
  }
  // Anything else would be a frame rewritten after a cache spill, which connections switch off.
  if (size == page_bytes && header_at_ >= 0 && offset == header_at_ + frame_header_bytes)
    return add_page(from);
  return SQLITE_IOERR_WRITE;
}

int wal_file::begin_log(const std::uint8_t* header) noexcept {
  big_endian_words_ = (header[3] & 1) != 0;
  chain_ = {get_big(header + log_chain_at), get_big(header + log_chain_at + 4)};
  chain_end_ = file_header_bytes;
  return gather(header, file_header_bytes, 0);
}

int wal_file::add_page(const std::uint8_t* page) noexcept {
  if (chain_end_ != header_at_)
    if (const int rc = find_chain(header_at_); rc != SQLITE_OK)
      return rc;
  std::array<std::uint8_t, page_bytes> sealed;
  std::memcpy(sealed.data(), page, sealed.size());
  const std::uint32_t number = get_big(header_.data());
  if (number == 1)
    page_checksum::guard_header(sealed.data());
  page_checksum::seal(sealed.data(), number);
  extend(chain_, header_.data(), chained_header_bytes);
  extend(chain_, sealed.data(), page_bytes);
  put_big(header_.data() + frame_chain_at, chain_.first);
  put_big(header_.data() + frame_chain_at + 4, chain_.second);
  const std::int64_t at = std::exchange(header_at_, -1);
  chain_end_ = at + frame_header_bytes + page_bytes;
  if (const int rc = gather(header_.data(), header_.size(), at); rc != SQLITE_OK)
    return rc;
  return gather(sealed.data(), sealed.size(), at + frame_header_bytes);
}

/// The chain up to `frame`, from the file: after a restart, or when a transaction was rolled back.
int wal_file::find_chain(std::int64_t frame) noexcept {
  if (const int rc = flush(); rc != SQLITE_OK)
    return rc;
  std::array<std::uint8_t, file_header_bytes> log;
  if (const int rc = real_->pMethods->xRead(real_, log.data(), file_header_bytes, 0); rc != SQLITE_OK)
    return rc;
  big_endian_words_ = (log[3] & 1) != 0;
  const std::uint8_t* sums = log.data() + log_chain_at;
  std::array<std::uint8_t, frame_header_bytes> before;
  if (frame > file_header_bytes) {
    const std::int64_t at = frame - page_bytes - frame_header_bytes;
    if (const int rc = real_->pMethods->xRead(real_, before.data(), frame_header_bytes, at); rc != SQLITE_OK)
      return rc;
    sums = before.data() + frame_chain_at;
  }
  chain_ = {get_big(sums), get_big(sums + 4)};
  chain_end_ = frame;
  return SQLITE_OK;
}

void wal_file::extend(chain& sum, const std::uint8_t* from, int size) const noexcept {
  big_endian_words_ ? add_words<get_big>(sum.first, sum.second, from, size)
                    : add_words<get_little>(sum.first, sum.second, from, size);
}

int wal_file::gather(const std::uint8_t* from, std::size_t size, std::int64_t offset) noexcept {
  const bool continues = offset == gathered_at_ + static_cast<std::int64_t>(gathered_size_);
  if (gathered_size_ > 0 && (!continues || gathered_size_ + size > limits::wal_gather_bytes))
    if (const int rc = flush(); rc != SQLITE_OK)
      return rc;
  if (!gathered_) {
    gathered_.reset(new (std::nothrow) std::uint8_t[limits::wal_gather_bytes]);
    if (!gathered_)
      return SQLITE_IOERR_NOMEM;
  }
  if (gathered_size_ == 0)
    gathered_at_ = offset;
  std::memcpy(gathered_.get() + gathered_size_, from, size);
  gathered_size_ += size;
  return SQLITE_OK;
}

int wal_file::flush() noexcept {
  const std::size_t size = std::exchange(gathered_size_, 0);
  if (size == 0)
    return SQLITE_OK;
  disk_verdict verdict;
  if (hook_)
    verdict = hook_->before_write(disk_file::wal, gathered_at_, {gathered_.get(), size});
  const std::size_t allowed = verdict.code == SQLITE_OK ? size : std::min(size, verdict.written);
  const int rc = real_->pMethods->xWrite(real_, gathered_.get(), static_cast<int>(allowed), gathered_at_);
  return verdict.code != SQLITE_OK ? verdict.code : rc;
}

int wal_file::sync(int flags) noexcept {
  if (const int rc = flush(); rc != SQLITE_OK)
    return rc;
  if (hook_)
    if (const int rc = hook_->before_sync(disk_file::wal); rc != SQLITE_OK)
      return rc;
  return real_->pMethods->xSync(real_, flags);
}

int wal_file::read(std::uint8_t* to, int size, std::int64_t offset) noexcept {
  constexpr int frame_bytes = frame_header_bytes + page_bytes;
  if (const int rc = flush(); rc != SQLITE_OK)
    return rc;
  const std::int64_t within = (offset - file_header_bytes) % frame_bytes;
  if (size == page_bytes && within == frame_header_bytes)
    return read_page(to, offset);
  // Recovery reads the header and whole frames; it walks the chain itself.
  const bool recovery = (size == file_header_bytes && offset == 0) || (size == frame_bytes && within == 0);
  return recovery ? real_->pMethods->xRead(real_, to, size, offset) : SQLITE_IOERR_DATA;
}

int wal_file::read_page(std::uint8_t* to, std::int64_t offset) noexcept {
  std::array<std::uint8_t, frame_header_bytes + page_bytes> frame;
  const int rc = real_->pMethods->xRead(real_, frame.data(), static_cast<int>(frame.size()),
                                        offset - frame_header_bytes);
  if (rc != SQLITE_OK)
    return rc == SQLITE_IOERR_SHORT_READ ? SQLITE_IOERR_DATA : rc;
  const std::uint32_t number = get_big(frame.data());
  std::uint8_t* page = frame.data() + frame_header_bytes;
  if (!page_checksum::intact(page, number))
    return SQLITE_IOERR_DATA;
  if (number == 1)
    page_checksum::unguard_header(page);
  std::memcpy(to, page, page_bytes);
  return SQLITE_OK;
}

} // namespace troupe::storage
