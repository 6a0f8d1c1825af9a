#pragma once

#include "storage/postgres/session.hpp"
#include "storage/postgres/wire_array.hpp"

#include <string>

namespace troupe::storage::postgres {

/// All that a group of turns writes, as columns. The numbers called `f` say which activation of the fence a
/// value belongs to (from 0): what did not pass is left out by the server.
struct group_arrays {
  using e = element;

  wire_array births{e::int8}, epochs{e::int8}; // the fence: one entry an activation
  wire_array sent{e::int8}, applied{e::int8}, skipped{e::int8},
      dead_lettered{e::int8}; // as long as the fence

  wire_array agent_f{e::int4}, agent_bump{e::int8}, agent_status{e::int2}, agent_reason{e::text};
  wire_array due_f{e::int4}, due_at{e::int8};

  wire_array put_f{e::int4}, put_class{e::int2}, put_key{e::bytea}, put_schema{e::int4}, put_body{e::bytea},
      put_blob{e::bytea}, put_expires{e::int8};
  wire_array erase_f{e::int4}, erase_class{e::int2}, erase_key{e::bytea};
  wire_array prefix_f{e::int4}, prefix_class{e::int2}, prefix_from{e::bytea}, prefix_to{e::bytea};

  wire_array mark_f{e::int4}, mark_dst{e::bytea}, mark_lane{e::int2}, mark_src{e::int8}, mark_from{e::int8},
      mark_to{e::int8}, mark_fresh{e::boolean};
  wire_array out_f{e::int4}, out_dst{e::bytea}, out_lane{e::int2}, out_n{e::int8}, out_receiver{e::text},
      out_envelope{e::bytea}, out_blob{e::bytea};

  wire_array effect_f{e::int4}, effect_id{e::text}, effect_verb{e::text}, effect_target{e::bytea},
      effect_key{e::bytea}, effect_deadline{e::int8}, effect_once{e::boolean}, effect_body{e::bytea},
      effect_blob{e::bytea}, effect_anew{e::boolean};
  wire_array clear_f{e::int4}, clear_id{e::text};

  wire_array letter_f{e::int4}, letter_id{e::text}, letter_reason{e::text}, letter_note{e::text},
      letter_to{e::text}, letter_from{e::text}, letter_at{e::int8}, letter_envelope{e::bytea},
      letter_blob{e::bytea};
  wire_array event_f{e::int4}, event_kind{e::text}, event_trace{e::text}, event_at{e::int8},
      event_detail{e::bytea}, event_blob{e::bytea};

  wire_array line_f{e::int4}, line_item{e::bytea}, line_category{e::bytea}, line_name{e::bytea},
      line_state{e::bytea}, line_open{e::boolean}, line_updated{e::int8}, line_detail{e::bytea},
      line_blob{e::bytea};
  wire_array unlist_f{e::int4}, unlist_item{e::bytea};
  wire_array reset_f{e::int4}, reset_item{e::bytea}; // attributes of these go, but for those below
  wire_array found_f{e::int4}, found_item{e::bytea}, found_category{e::bytea}, found_name{e::bytea},
      found_value{e::bytea};

  wire_array blobs{e::bytea}; // every blob the group names
};

/// Which group this is, and which guarantees are off.
struct group_stamp {
  std::string node;
  std::uint64_t epoch = 0;
  std::uint64_t number = 0;
  bool fenced = true;
  bool deduped = true;
};

/// The one statement that commits a group. Answers no row if the gate was not open for this number, else one:
/// the activations that passed, as a string of 0 and 1.
const statement& commit_statement(bool fenced);
parameters commit_parameters(const group_stamp& stamp, group_arrays arrays);

} // namespace troupe::storage::postgres
