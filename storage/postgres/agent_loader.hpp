#pragma once

#include "runtime/journal/journal.hpp"
#include "storage/postgres/session.hpp"

#include <optional>
#include <string>
#include <vector>

namespace troupe::storage::postgres {

/// SQL for a payload of table or alias `of`: inline, or the chunks of the blob it names.
std::string body_of(const std::string& of, const std::string& inline_body = "body",
                    const std::string& blob = "blob");

/// Fills in what belongs to agents: due times, rows of every class but ingress, effects, the births given
/// out. Several statements: a reader asks in a transaction, a claimer after its claim.
void load(session& on, std::vector<journal::loaded_agent>& agents);

/// Empty: there is none by that name.
std::optional<journal::loaded_agent> load(session& on, const agent_id& id);

/// Columns that `read_effect` understands, beginning at `column`.
const std::string& effect_columns();
journal::effect_row read_effect(const table& from, std::size_t row, int column = 0);

} // namespace troupe::storage::postgres
