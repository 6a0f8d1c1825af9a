#include "storage/sqlite/record_tables.hpp"

namespace troupe::storage {

// A letter under the same id is the same letter (ids are drawn or derived from the message): writing it again
// changes nothing.
letter_table::letter_table(connection& db, payload_writer& payloads)
    : payloads_(payloads)
    , insert_(db,
              "INSERT OR IGNORE INTO dead_letter(id, reason, note, to_agent, from_agent, at, envelope, blob)"
              " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
    , replayed_(db, "UPDATE dead_letter SET replayed = 1 WHERE id = ?1") {}

void letter_table::insert(const journal::dead_letter& letter) {
  const std::string to = letter.to.empty() ? std::string() : letter.to.text();
  const std::string from = letter.from.empty() ? std::string() : letter.from.text();
  const placed_payload envelope = payloads_.place(letter.envelope);
  insert_.run(text{letter.id}, text{letter.reason}, text{letter.note}, text{to}, text{from}, to_ms(letter.at),
              envelope.body(), envelope.blob());
}

bool letter_table::mark_replayed(const std::string& id) { return replayed_.run(text{id}) == 1; }

event_table::event_table(connection& db, payload_writer& payloads, counters& count)
    : payloads_(payloads)
    , count_(count)
    , insert_(db, "INSERT INTO event(number, birth, before, kind, trace, at, detail, blob)"
                  " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)") {}

void event_table::append(std::uint64_t birth, agent_table::entry& agent, const journal::agent_event& event) {
  const std::uint64_t number = ++count_.events;
  const placed_payload detail = payloads_.place(event.detail);
  insert_.run(number, birth, agent.last_event, text{event.kind}, text{event.trace}, to_ms(event.at),
              detail.body(), detail.blob());
  agent.last_event = number;
  agent.dirty = true;
}

} // namespace troupe::storage
