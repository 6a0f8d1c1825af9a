#include "storage/sqlite/checked_vfs.hpp"

#include "storage/limits.hpp"
#include "storage/sqlite/disk_hook.hpp"
#include "storage/sqlite/page_checksum.hpp"
#include "storage/sqlite/wal_file.hpp"

#include "config/result.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <optional>
#include <sqlite3.h>

namespace troupe::storage {
namespace {

constexpr int page_bytes = limits::page_bytes;
constexpr int header_bytes = 100;
constexpr int change_counter_at = 24;
constexpr int change_counter_bytes = 16;

/// What SQLite allocates per file: ours in front, the real file's state behind it.
struct checked_file {
  sqlite3_file base;
  disk_hook* hook;
  std::optional<wal_file> wal; // empty: the main file
  sqlite3_file* real;
};

constexpr int real_at = (sizeof(checked_file) + 15) / 16 * 16;

checked_file& self(sqlite3_file* file) noexcept { return *reinterpret_cast<checked_file*>(file); }

int close(sqlite3_file* file) {
  checked_file& f = self(file);
  const int flushed = f.wal ? f.wal->flush() : SQLITE_OK;
  const int rc = f.real->pMethods->xClose(f.real);
  f.~checked_file();
  return flushed != SQLITE_OK ? flushed : rc;
}

int read_page(checked_file& f, void* to, sqlite3_int64 offset) {
  const int rc = f.real->pMethods->xRead(f.real, to, page_bytes, offset);
  if (rc != SQLITE_OK)
    return rc == SQLITE_IOERR_SHORT_READ ? SQLITE_IOERR_DATA : rc;
  auto* page = static_cast<std::uint8_t*>(to);
  if (!page_checksum::intact(page, static_cast<std::uint32_t>(offset / page_bytes + 1)))
    return SQLITE_IOERR_DATA;
  if (offset == 0)
    page_checksum::unguard_header(page);
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  checked_file& f = self(file);
  if (f.wal)
    return f.wal->read(static_cast<std::uint8_t*>(to), size, offset);
  if (size == page_bytes && offset % page_bytes == 0)
    return read_page(f, to, offset);
  // The pager looks at the header before it knows the page size. A crash may have torn the page, so its
  // checksum cannot be asked for here: the log holds the whole one, and the constants are the same in both.
  const bool header = size == header_bytes && offset == 0;
  if (!header && !(size == change_counter_bytes && offset == change_counter_at))
    return SQLITE_IOERR_DATA;
  const int rc = f.real->pMethods->xRead(f.real, to, size, offset);
  if (rc == SQLITE_OK && header && !page_checksum::plausible_header(static_cast<std::uint8_t*>(to)))
    return SQLITE_IOERR_DATA;
  return rc;
}

int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  checked_file& f = self(file);
  if (f.wal)
    return f.wal->write(static_cast<const std::uint8_t*>(from), size, offset);
  if (size != page_bytes || offset % page_bytes != 0)
    return SQLITE_IOERR_WRITE;
  std::array<std::uint8_t, page_bytes> sealed;
  std::memcpy(sealed.data(), from, sealed.size());
  if (offset == 0)
    page_checksum::guard_header(sealed.data());
  page_checksum::seal(sealed.data(), static_cast<std::uint32_t>(offset / page_bytes + 1));
  disk_verdict verdict;
  if (f.hook)
    verdict = f.hook->before_write(disk_file::database, offset, sealed);
  const std::size_t allowed =
      verdict.code == SQLITE_OK ? sealed.size() : std::min(sealed.size(), verdict.written);
  const int rc = f.real->pMethods->xWrite(f.real, sealed.data(), static_cast<int>(allowed), offset);
  return verdict.code != SQLITE_OK ? verdict.code : rc;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  checked_file& f = self(file);
  if (f.wal)
    if (const int rc = f.wal->flush(); rc != SQLITE_OK)
      return rc;
  if (f.hook)
    f.hook->before_truncate(f.wal ? disk_file::wal : disk_file::database, size);
  return f.real->pMethods->xTruncate(f.real, size);
}

int sync(sqlite3_file* file, int flags) {
  checked_file& f = self(file);
  if (f.wal)
    return f.wal->sync(flags);
  if (f.hook)
    if (const int rc = f.hook->before_sync(disk_file::database); rc != SQLITE_OK)
      return rc;
  return f.real->pMethods->xSync(f.real, flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  checked_file& f = self(file);
  if (f.wal)
    if (const int rc = f.wal->flush(); rc != SQLITE_OK)
      return rc;
  return f.real->pMethods->xFileSize(f.real, size);
}

int lock(sqlite3_file* file, int level) { return self(file).real->pMethods->xLock(self(file).real, level); }
int unlock(sqlite3_file* file, int level) {
  return self(file).real->pMethods->xUnlock(self(file).real, level);
}

int check_reserved_lock(sqlite3_file* file, int* held) {
  return self(file).real->pMethods->xCheckReservedLock(self(file).real, held);
}

int file_control(sqlite3_file* file, int op, void* arg) {
  return self(file).real->pMethods->xFileControl(self(file).real, op, arg);
}

int sector_size(sqlite3_file* file) { return self(file).real->pMethods->xSectorSize(self(file).real); }

int device_characteristics(sqlite3_file* file) {
  return self(file).real->pMethods->xDeviceCharacteristics(self(file).real);
}

int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** at) {
  return self(file).real->pMethods->xShmMap(self(file).real, region, size, extend, at);
}

int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  return self(file).real->pMethods->xShmLock(self(file).real, offset, count, flags);
}

void shm_barrier(sqlite3_file* file) { self(file).real->pMethods->xShmBarrier(self(file).real); }

int shm_unmap(sqlite3_file* file, int remove) {
  return self(file).real->pMethods->xShmUnmap(self(file).real, remove);
}

// Version 2: no memory mapping, which would show pages to SQLite that nobody verified.
constexpr sqlite3_io_methods checked_methods = {2,
                                                close,
                                                read,
                                                write,
                                                truncate,
                                                sync,
                                                file_size,
                                                lock,
                                                unlock,
                                                check_reserved_lock,
                                                file_control,
                                                sector_size,
                                                device_characteristics,
                                                shm_map,
                                                shm_lock,
                                                shm_barrier,
                                                shm_unmap,
                                                nullptr,
                                                nullptr};

} // namespace

struct checked_vfs::registration {
  sqlite3_vfs vfs{};
  sqlite3_vfs* real = nullptr;
  disk_hook* hook = nullptr;
  std::string name;

  static registration& of(sqlite3_vfs* vfs) noexcept { return *static_cast<registration*>(vfs->pAppData); }

  static int open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* file, int flags, int* granted) {
    registration& r = of(vfs);
    file->pMethods = nullptr;
    if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0)
      return r.real->xOpen(r.real, path, file, flags, granted);
    auto* real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + real_at);
    real->pMethods = nullptr;
    if (const int rc = r.real->xOpen(r.real, path, real, flags, granted); rc != SQLITE_OK)
      return rc;
    auto* f = new (file) checked_file{{&checked_methods}, r.hook, std::nullopt, real};
    if ((flags & SQLITE_OPEN_WAL) != 0)
      f->wal.emplace(real, r.hook);
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* v, const char* path, int sync_directory) {
    return of(v).real->xDelete(of(v).real, path, sync_directory);
  }
  static int access(sqlite3_vfs* v, const char* path, int flags, int* answer) {
    return of(v).real->xAccess(of(v).real, path, flags, answer);
  }
  static int full_path(sqlite3_vfs* v, const char* path, int size, char* to) {
    return of(v).real->xFullPathname(of(v).real, path, size, to);
  }
  static int randomness(sqlite3_vfs* v, int size, char* to) {
    return of(v).real->xRandomness(of(v).real, size, to);
  }
  static int sleep(sqlite3_vfs* v, int us) { return of(v).real->xSleep(of(v).real, us); }
  static int current_time(sqlite3_vfs* v, double* to) { return of(v).real->xCurrentTime(of(v).real, to); }
  static int last_error(sqlite3_vfs* v, int size, char* to) {
    return of(v).real->xGetLastError(of(v).real, size, to);
  }
  static int current_time_ms(sqlite3_vfs* v, sqlite3_int64* to) {
    return of(v).real->xCurrentTimeInt64(of(v).real, to);
  }
};

checked_vfs::checked_vfs(disk_hook* hook)
    : registered_(std::make_unique<registration>()) {
  registration& r = *registered_;
  r.real = sqlite3_vfs_find(nullptr);
  ensure(r.real != nullptr, "SQLite has a default VFS");
  r.hook = hook;
  // Several stores may live in one process (tests): the address makes the name unique among the living.
  r.name = "troupe-" + std::to_string(reinterpret_cast<std::uintptr_t>(&r));
  r.vfs.iVersion = 2;
  r.vfs.szOsFile = real_at + r.real->szOsFile;
  r.vfs.mxPathname = r.real->mxPathname;
  r.vfs.zName = r.name.c_str();
  r.vfs.pAppData = &r;
  r.vfs.xOpen = registration::open;
  r.vfs.xDelete = registration::remove;
  r.vfs.xAccess = registration::access;
  r.vfs.xFullPathname = registration::full_path;
  r.vfs.xRandomness = registration::randomness;
  r.vfs.xSleep = registration::sleep;
  r.vfs.xCurrentTime = registration::current_time;
  r.vfs.xGetLastError = registration::last_error;
  r.vfs.xCurrentTimeInt64 = registration::current_time_ms;
  ensure(sqlite3_vfs_register(&r.vfs, 0) == SQLITE_OK, "SQLite takes the VFS");
}

checked_vfs::~checked_vfs() { sqlite3_vfs_unregister(&registered_->vfs); }

const char* checked_vfs::name() const noexcept { return registered_->name.c_str(); }

} // namespace troupe::storage
