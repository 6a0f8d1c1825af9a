#include "storage/sqlite/sql_error.hpp"

#include <sqlite3.h>

namespace troupe::storage {

error sql_error::as_error() const {
  const int primary = code_ & 0xff;
  if (code_ == SQLITE_IOERR_DATA || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB)
    return {fault::corrupt, std::string("the database is damaged: ") + what(),
            "restore a backup; what is damaged is not served"};
  if (primary == SQLITE_FULL)
    return {fault::full, std::string("the disk is full: ") + what(),
            "free space and start again; nothing is lost"};
  if (primary == SQLITE_IOERR)
    return {fault::unavailable, std::string("the disk failed: ") + what(),
            "look at the kernel log; nothing unacknowledged was promised"};
  if (primary == SQLITE_BUSY || primary == SQLITE_CANTOPEN || primary == SQLITE_PERM ||
      primary == SQLITE_READONLY)
    return {fault::unavailable, std::string("the database cannot be used: ") + what(), {}};
  return {fault::internal, std::string("the database refused: ") + what(), {}};
}

} // namespace troupe::storage
