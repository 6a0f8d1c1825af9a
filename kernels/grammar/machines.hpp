#pragma once

#include "kernels/grammar/automaton.hpp"
#include "kernels/grammar/node_table.hpp"
#include "kernels/grammar/number_machine.hpp"
#include "kernels/grammar/token_trie.hpp"

#include <deque>

namespace troupe::kernels::grammar {

using machine_id = std::uint32_t;

/// What an item or a member may hold, and what it counts for: bit i for the i-th thing wanted. A place that
/// could count has several choices, and the reader of a text follows all of them.
struct value_choice {
  std::uint32_t counts_for = 0;
  node_id node = any_value;
};
using value_choices = std::vector<value_choice>;

/// More things wanted at a time would double the choices again.
inline constexpr std::size_t wanted_max = 4;

struct member_name {
  std::string text;
  bool required = false;
  value_choices choices;
  std::vector<std::uint32_t> implies; // these names, once it is there
};

/// Names beside those that are listed, all with the same rules.
struct member_names {
  term_id texts = term_pool::nothing;
  bool finite = false;
  value_choices choices;
};

/// Reads one shape of an object.
struct object_machine {
  std::vector<member_name> names; // sorted by their bytes; those that may never be there are left out
  token_trie by_bytes;            // names by number
  std::vector<std::pair<std::uint32_t, std::uint32_t>>
      below; // for each of its nodes, the names from here to there
  std::vector<member_names> others;
  std::uint32_t least = 0;
  std::uint32_t most = no_limit;
  std::uint32_t required = 0; // how many
  std::uint32_t wanted = 0;   // a bit for each
};

struct array_machine {
  std::vector<value_choices> first;
  value_choices rest;
  std::uint32_t least = 0;
  std::uint32_t most = no_limit;
  std::vector<item_count> counts;
  bool unique = false;

  const value_choices& at(std::uint32_t index) const { return index < first.size() ? first[index] : rest; }
};

/// Reads the values of one node.
struct value_machine {
  bool null = false;
  bool yes = false;
  bool no = false;
  number_machine::state_id numbers = number_machine::dead;
  term_id strings = term_pool::nothing;
  std::vector<machine_id> arrays;
  std::vector<machine_id> objects;
};

/// All that reads the values of a schema. Automaton and number machine grow as texts are read.
struct machines {
  automaton texts;
  number_machine numbers;
  std::vector<value_machine> values; // by node
  std::deque<array_machine> arrays;
  std::deque<object_machine> objects;
  node_id root = any_value;
  term_id plain_text = term_pool::nothing; // instead of a root: the text itself, no JSON
};

} // namespace troupe::kernels::grammar
