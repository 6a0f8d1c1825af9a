#include "runtime/agent/fold_load.hpp"

#include "runtime/agent/row_keys.hpp"

namespace troupe {
namespace {

result<void> know_pins(fold_agent& agent, const journal::loaded_agent& found) {
  for (const auto& row : found.rows)
    if (row.cls == journal::row_class::pinned)
      if (auto known = agent.know({row.key, row.body}); !known)
        return known;
  return {};
}

result<void> restore_snapshot(folded_agent& into, const journal::loaded_agent& found) {
  for (const auto& row : found.rows) {
    if (row.cls != journal::row_class::snapshot)
      continue;
    if (auto restored = into.agent->restore(row.schema, row.body.substr(8)); !restored)
      return restored;
    into.records = row_keys::number_at_end(row.body.substr(0, 8));
  }
  return {};
}

result<void> apply_records(folded_agent& into, const journal::loaded_agent& found) {
  for (const auto& row : found.rows) {
    if (row.cls != journal::row_class::fold)
      continue;
    auto record = decode_fold_record(row.body);
    if (!record)
      return tl::unexpected(record.error());
    if (record->number != into.records + 1)
      return fail(fault::corrupt, "fold record " + std::to_string(into.records + 1) + " of " +
                                      found.id.text() + " is missing");
    into.agent->apply(*record);
    into.agent->listings(); // the index has them
    ++into.records;
    ++into.since_snapshot;
  }
  return {};
}

} // namespace

result<folded_agent> fold_journal(const kind_spec& kind, const journal::loaded_agent& found) try {
  folded_agent folded;
  folded.agent = kind.fold(found.id);
  if (auto known = know_pins(*folded.agent, found); !known)
    return tl::unexpected(known.error());
  if (auto restored = restore_snapshot(folded, found); !restored)
    return tl::unexpected(restored.error());
  if (auto applied = apply_records(folded, found); !applied)
    return tl::unexpected(applied.error());
  return folded;
} catch (const std::exception& e) {
  return fail(fault::corrupt, "the records of " + found.id.text() + " cannot be folded: " + e.what());
}

} // namespace troupe
