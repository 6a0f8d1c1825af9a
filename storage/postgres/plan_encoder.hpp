#pragma once

#include "storage/postgres/turn_plan.hpp"

#include <map>
#include <set>
#include <string_view>
#include <tuple>

namespace troupe::storage::postgres {

/// Writes a plan into columns. What several turns do to one row, effect or line is gathered first.
class plan_encoder {
public:
  plan_encoder(turn_plan& plan, blob_book& blobs);
  group_arrays take(const stream_numbers& known, const facts_by_stream& found);

private:
  struct row_key {
    std::size_t f;
    journal::row_class cls;
    std::string_view key;
    auto operator<=>(const row_key&) const = default;
  };
  struct effect_change {
    const journal::effect_put* put = nullptr; // null: cleared
    bool cleared = false;                     // before it was put
  };
  struct line_change {
    const journal::listing* line = nullptr;       // null: erased
    const journal::listing* attributes = nullptr; // whose attributes hold, if `reset`
    bool reset = false;
  };

  void fence();
  void agents();
  void turn(turn_plan::accepted& of, const stream_numbers& known, const facts_by_stream& found);
  void erase_row(std::size_t f, const journal::row_erase& what);
  void message(turn_plan::accepted& of, const journal::outgoing& row, const stream_numbers& known,
               const facts_by_stream& found);
  void dead_letter(std::size_t f, const journal::dead_letter& letter);
  void marks();
  void rows();
  void effects();
  void lines();
  void line(std::size_t f, const journal::listing& what);
  void payload(std::string_view body, wire_array& inline_body, wire_array& blob);

  turn_plan& plan_;
  blob_book& blobs_;
  group_arrays to_;
  std::map<row_key, const journal::agent_row*> rows_; // null: erased
  std::map<std::pair<std::size_t, std::string_view>, effect_change> effects_;
  std::map<std::pair<std::size_t, std::string_view>, line_change> lines_;
  std::set<std::string_view> letter_ids_;
};

/// As they stand in the columns.
std::string_view bytes_of(const address& a);
address address_of(std::string_view column);

} // namespace troupe::storage::postgres
