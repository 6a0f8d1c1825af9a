#pragma once

#include "runtime/journal/shared_store.hpp"
#include "storage/postgres/options.hpp"

#include <memory>
#include <string>

namespace troupe::storage {

/// Opens the store in `options.schema` of the server, creating what is missing; `options.directory` holds
/// what this node remembers of it (lock, store.no). Destroying it commits what was handed in before, if the
/// server answers. conflict: another process has the folder; refused: written by a newer build, or a server
/// that may lose what it acknowledged; corrupt: the store has gone back in time; unavailable: no server.
result<std::unique_ptr<journal::shared_store>> open_postgres(postgres_options options);

/// Looks at the server and at the store in it, if it has one, and changes nothing: what it is, for a person,
/// or why `open_postgres` would refuse it.
result<std::string> examine_postgres(const postgres_options& options);

} // namespace troupe::storage
