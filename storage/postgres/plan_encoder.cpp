#include "storage/postgres/plan_encoder.hpp"

#include "storage/postgres/readable.hpp"
#include "storage/sqlite/row_batch.hpp"

#include <algorithm>

namespace troupe::storage::postgres {
namespace {

// Past every key that a row may have: the end of a prefix that has none.
const std::string past_all_keys(4'000, '\xff');

std::int64_t code(lane on) { return static_cast<std::int64_t>(on); }

} // namespace

std::string_view bytes_of(const address& a) {
  return {reinterpret_cast<const char*>(a.bytes.data()), a.bytes.size()};
}

address address_of(std::string_view column) {
  address a;
  ensure(column.size() == a.bytes.size(), "addresses in the store have sixteen bytes");
  std::copy(column.begin(), column.end(), reinterpret_cast<char*>(a.bytes.data()));
  return a;
}

plan_encoder::plan_encoder(turn_plan& plan, blob_book& blobs)
    : plan_(plan)
    , blobs_(blobs) {}

void plan_encoder::payload(std::string_view body, wire_array& inline_body, wire_array& blob) {
  const placed_payload placed = blobs_.place(body);
  inline_body.maybe_bytes(placed.inline_body);
  blob.maybe_bytes(placed.blob);
}

void plan_encoder::fence() {
  for (const auto& a : plan_.activations_) {
    to_.births.number(a.birth);
    to_.epochs.number(a.epoch);
    to_.sent.number(a.sent);
    to_.applied.number(a.applied);
    to_.skipped.number(a.skipped);
    to_.dead_lettered.number(a.dead_lettered);
  }
}

void plan_encoder::agents() {
  for (std::size_t f = 0; f < plan_.activations_.size(); ++f) {
    const auto& a = plan_.activations_[f];
    if (a.next_due) {
      to_.due_f.number(f);
      to_.due_at.time(*a.next_due);
    }
    if (!a.spent && !a.status)
      continue;
    to_.agent_f.number(f);
    // Later turns of this activation stand on what was refused: they may not pass either.
    to_.agent_bump.number(std::int64_t{a.spent});
    if (a.status)
      to_.agent_status.number(static_cast<std::int64_t>(*a.status));
    else
      to_.agent_status.null();
    to_.agent_reason.bytes(a.status ? readable(*a.reason) : std::string());
  }
}

void plan_encoder::turn(turn_plan::accepted& of, const stream_numbers& known, const facts_by_stream& found) {
  const std::size_t f = of.f;
  for (const auto& erase : of.turn->erases)
    erase_row(f, erase);
  for (const auto& row : of.turn->puts)
    rows_.insert_or_assign(row_key{f, row.cls, row.key}, &row);
  for (const auto& item : of.turn->listing_erases)
    lines_[{f, item}] = {nullptr, nullptr, true};
  for (const auto& line : of.turn->listings) {
    line_change& change = lines_[{f, line.item}];
    change.line = &line;
    if (line.attributes_changed) {
      change.attributes = &line;
      change.reset = true;
    }
  }
  for (const auto& id : of.turn->effect_clears)
    effects_[{f, id}] = {nullptr, true};
  for (const auto& effect : of.turn->effects)
    if (auto& change = effects_[{f, effect.id}]; change.put == nullptr)
      change.put = &effect;
  for (const auto& row : of.turn->outbox)
    message(of, row, known, found);
  for (const auto& letter : of.turn->dead_letters)
    if (letter_ids_.insert(letter.id).second)
      dead_letter(f, letter);
  for (const auto& event : of.turn->events) {
    to_.event_f.number(f);
    to_.event_kind.bytes(readable(event.kind));
    to_.event_trace.bytes(readable(event.trace));
    to_.event_at.number(to_ms(event.at));
    payload(event.detail, to_.event_detail, to_.event_blob);
  }
}

void plan_encoder::erase_row(std::size_t f, const journal::row_erase& what) {
  const row_key key{f, what.cls, what.key};
  if (!what.prefix) {
    rows_.insert_or_assign(key, nullptr);
    return;
  }
  // What earlier turns of the group put below the prefix is gone with it; what later turns put stays.
  auto at = rows_.lower_bound(key);
  while (at != rows_.end() && at->first.f == f && at->first.cls == what.cls &&
         at->first.key.starts_with(what.key))
    at = rows_.erase(at);
  to_.prefix_f.number(f);
  to_.prefix_class.number(static_cast<std::int64_t>(what.cls));
  to_.prefix_from.bytes(what.key);
  const std::string past = after_prefix(what.key);
  to_.prefix_to.bytes(past.empty() ? past_all_keys : past);
}

void plan_encoder::message(turn_plan::accepted& of, const journal::outgoing& row, const stream_numbers& known,
                           const facts_by_stream& found) {
  const stream s{of.turn->birth, row.to.addr(), row.on};
  auto at = plan_.last_.find({of.f, s});
  if (at == plan_.last_.end()) {
    const auto remembered = known.last(s, of.turn->epoch);
    at = plan_.last_.emplace(turn_plan::in_activation{of.f, s}, remembered ? *remembered : found.at(s).last)
             .first;
  }
  const std::uint64_t number = ++at->second;
  of.numbers.push_back(number);
  to_.out_f.number(of.f);
  to_.out_dst.bytes(bytes_of(s.dst));
  to_.out_lane.number(code(row.on));
  to_.out_n.number(number);
  to_.out_receiver.bytes(row.to.text());
  payload(row.envelope, to_.out_envelope, to_.out_blob);
}

void plan_encoder::dead_letter(std::size_t f, const journal::dead_letter& letter) {
  to_.letter_f.number(f);
  to_.letter_id.bytes(readable(letter.id));
  to_.letter_reason.bytes(readable(letter.reason));
  to_.letter_note.bytes(readable(letter.note));
  to_.letter_to.bytes(letter.to.empty() ? std::string() : letter.to.text());
  to_.letter_from.bytes(letter.from.empty() ? std::string() : letter.from.text());
  to_.letter_at.number(to_ms(letter.at));
  payload(letter.envelope, to_.letter_envelope, to_.letter_blob);
}

void plan_encoder::marks() {
  for (const auto& [at, a] : plan_.advances_) {
    const stream& s = at.second;
    to_.mark_f.number(at.first);
    to_.mark_dst.bytes(bytes_of(s.dst));
    to_.mark_lane.number(code(s.on));
    to_.mark_src.number(s.src);
    to_.mark_from.number(a.from);
    to_.mark_to.number(a.to);
    to_.mark_fresh.number(std::int64_t{a.fresh});
  }
}

void plan_encoder::rows() {
  for (const auto& [key, row] : rows_) {
    if (row == nullptr) {
      to_.erase_f.number(key.f);
      to_.erase_class.number(static_cast<std::int64_t>(key.cls));
      to_.erase_key.bytes(key.key);
      continue;
    }
    to_.put_f.number(key.f);
    to_.put_class.number(static_cast<std::int64_t>(key.cls));
    to_.put_key.bytes(key.key);
    to_.put_schema.number(std::int64_t{row->schema});
    payload(row->body, to_.put_body, to_.put_blob);
    to_.put_expires.time(row->expires);
  }
}

void plan_encoder::effects() {
  for (const auto& [key, change] : effects_) {
    if (change.put == nullptr) {
      to_.clear_f.number(key.first);
      to_.clear_id.bytes(key.second);
      continue;
    }
    const journal::effect_put& e = *change.put;
    to_.effect_f.number(key.first);
    to_.effect_id.bytes(e.id);
    to_.effect_verb.bytes(readable(e.verb));
    to_.effect_target.bytes(e.target);
    to_.effect_key.bytes(e.key);
    to_.effect_deadline.time(e.deadline);
    to_.effect_once.number(std::int64_t{e.once});
    payload(e.body, to_.effect_body, to_.effect_blob);
    to_.effect_anew.number(std::int64_t{change.cleared});
  }
}

void plan_encoder::lines() {
  for (const auto& [key, change] : lines_) {
    const auto& [f, item] = key;
    if (change.line == nullptr) {
      to_.unlist_f.number(f);
      to_.unlist_item.bytes(item);
    } else {
      line(f, *change.line);
    }
    if (!change.reset)
      continue;
    to_.reset_f.number(f);
    to_.reset_item.bytes(item);
    if (change.attributes == nullptr)
      continue;
    for (const auto& [name, value] : change.attributes->attributes) {
      to_.found_f.number(f);
      to_.found_item.bytes(item);
      to_.found_category.bytes(change.attributes->category);
      to_.found_name.bytes(name);
      to_.found_value.bytes(value);
    }
  }
}

void plan_encoder::line(std::size_t f, const journal::listing& what) {
  to_.line_f.number(f);
  to_.line_item.bytes(what.item);
  to_.line_category.bytes(what.category);
  to_.line_name.bytes(what.name);
  to_.line_state.bytes(what.state);
  to_.line_open.number(std::int64_t{what.open});
  to_.line_updated.number(to_ms(what.updated));
  payload(what.detail, to_.line_detail, to_.line_blob);
}

group_arrays plan_encoder::take(const stream_numbers& known, const facts_by_stream& found) {
  fence();
  for (auto& t : plan_.turns_)
    if (t.refused.empty())
      turn(t, known, found);
  agents();
  marks();
  rows();
  effects();
  lines();
  to_.blobs = blobs_.hashes();
  return std::move(to_);
}

group_arrays turn_plan::encode(const stream_numbers& known, const facts_by_stream& found, blob_book& blobs) {
  return plan_encoder(*this, blobs).take(known, found);
}

} // namespace troupe::storage::postgres
