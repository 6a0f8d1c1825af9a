#pragma once

#include "config/result.hpp"

#include <stdexcept>
#include <string>

namespace troupe::storage {

/// What the thin layer over SQLite's C interface throws, as a database library would. Never leaves
/// storage/sqlite: the writer, the readers and `open_sqlite` catch it and answer with an `error`.
class sql_error : public std::runtime_error {
public:
  sql_error(int code, const std::string& message)
      : std::runtime_error(message)
      , code_(code) {}

  int code() const noexcept { return code_; }

  /// Damage is `corrupt`, no space is `full`, all else about files is `unavailable`.
  error as_error() const;

private:
  int code_;
};

} // namespace troupe::storage
