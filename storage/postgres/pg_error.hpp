#pragma once

#include "config/result.hpp"

#include <stdexcept>
#include <string>

namespace troupe::storage::postgres {

/// What to do about a statement that failed.
enum class remedy {
  reconnect, // the connection is gone; whether the statement was carried out is unknown
  again,     // deadlock, serialization, a lock or time-out: nothing was written, the same may be sent again
  look, // one of our own statements found something else than it was told: see `marks_moved`, `blob_gone`
  none  // the server refuses, or a defect of ours
};

/// Thrown by `session`; caught where the adapter ends (writer, readers, `open_postgres`).
class pg_error : public std::runtime_error {
public:
  pg_error(remedy what, std::string sqlstate, const std::string& message)
      : std::runtime_error(message)
      , what_to_do(what)
      , code(std::move(sqlstate)) {}

  error as_error() const;

  remedy what_to_do;
  std::string code;
};

// Raised by troupe_refuse() of the schema.
inline constexpr const char* marks_moved =
    "TR001";                                      // a mark or the rows of a stream are not where a turn says
inline constexpr const char* blob_gone = "TR002"; // a blob that a turn names is not there

/// What a five-character SQLSTATE calls for.
remedy remedy_for(const std::string& sqlstate);

} // namespace troupe::storage::postgres
