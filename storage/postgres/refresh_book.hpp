#pragma once

#include "storage/postgres/session.hpp"
#include "storage/postgres/stream_numbers.hpp"

namespace troupe::storage::postgres {

/// Asks the store what became of mail that this node's senders believe to be pending: other nodes take it
/// out.
void refresh(session& on, outbox_book& book);

/// What senders that a former opening of this node owned have pending; once, when the store is opened.
void fill(session& on, std::uint64_t former_epoch, outbox_book& book);

} // namespace troupe::storage::postgres
