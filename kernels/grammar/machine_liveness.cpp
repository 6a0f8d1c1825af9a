#include "kernels/grammar/machine_builder.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

namespace {

constexpr std::size_t counted_names_max = 1'000'000;

/// Marks which of the names can be there at all: with a value, and with what they imply.
std::vector<bool> possible_names(const object_machine& object, const std::vector<bool>& with_value) {
  auto possible = with_value;
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < possible.size(); ++i) {
      const auto& implies = object.names[i].implies;
      if (possible[i] &&
          !std::all_of(implies.begin(), implies.end(), [&](auto other) { return possible[other]; })) {
        possible[i] = false;
        changed = true;
      }
    }
  }
  return possible;
}

} // namespace

bool machine_builder::has_value(const value_choices& choices) const {
  return std::any_of(choices.begin(), choices.end(),
                     [this](const auto& choice) { return alive_[choice.node]; });
}

bool machine_builder::holds_value(const array_machine& array) const {
  if (array.least > array.most)
    return false;
  // How many items there can be, and for how many of them each thing wanted can be counted.
  const auto looked = std::min<std::size_t>(array.first.size() + 1, array.most);
  std::vector<std::uint32_t> counted(array.counts.size());
  for (std::size_t i = 0; i < looked; ++i) {
    const auto& choices = array.at(static_cast<std::uint32_t>(i));
    if (!has_value(choices)) {
      const bool enough = array.least <= i;
      for (std::size_t k = 0; k < counted.size(); ++k)
        if (counted[k] < array.counts[k].least)
          return false;
      return enough;
    }
    const auto times = i < array.first.size() ? 1 : array.most - static_cast<std::uint32_t>(i);
    for (std::size_t k = 0; k < counted.size(); ++k)
      if (std::any_of(choices.begin(), choices.end(), [&](const auto& choice) {
            return (choice.counts_for >> k & 1) != 0 && alive_[choice.node];
          }))
        counted[k] += std::min(times, no_limit - counted[k]);
  }
  for (std::size_t k = 0; k < counted.size(); ++k)
    if (counted[k] < array.counts[k].least)
      return false;
  return true;
}

bool machine_builder::holds_value(const object_machine& object) const {
  std::vector<bool> with_value;
  for (const auto& name : object.names)
    with_value.push_back(has_value(name.choices));
  const auto possible = possible_names(object, with_value);
  std::size_t room = 0;
  std::size_t required = 0;
  std::uint32_t wanted = object.wanted;
  const auto count_for = [&](const value_choices& choices) {
    for (const auto& choice : choices)
      if (alive_[choice.node])
        wanted &= ~choice.counts_for;
  };
  for (std::size_t i = 0; i < possible.size(); ++i) {
    required += object.names[i].required ? 1 : 0;
    if (object.names[i].required && !possible[i])
      return false;
    if (possible[i]) {
      ++room;
      count_for(object.names[i].choices);
    }
  }
  for (const auto& others : object.others) {
    if (!has_value(others.choices))
      continue;
    count_for(others.choices);
    room += others.finite ? to_.texts.count(others.texts, counted_names_max) : counted_names_max;
  }
  return wanted == 0 && required <= object.most && object.least <= std::min<std::size_t>(object.most, room);
}

/// One round of finding values that fit; whether another one may find more.
bool machine_builder::sweep() {
  bool found = false;
  for (node_id node = 0; node < to_.values.size(); ++node) {
    if (alive_[node])
      continue;
    const auto& value = to_.values[node];
    alive_[node] = value.null || value.yes || value.no || value.numbers != number_machine::dead ||
                   value.strings != term_pool::nothing ||
                   std::any_of(value.arrays.begin(), value.arrays.end(),
                               [this](auto id) { return holds_value(to_.arrays[id]); }) ||
                   std::any_of(value.objects.begin(), value.objects.end(),
                               [this](auto id) { return holds_value(to_.objects[id]); });
    found = found || alive_[node];
  }
  return found;
}

void machine_builder::drop_dead_choices(value_choices& choices) const {
  std::erase_if(choices, [this](const auto& choice) { return !alive_[choice.node]; });
}

void machine_builder::finish_array(array_machine& array) const {
  for (std::size_t i = 0; i <= array.first.size(); ++i) {
    auto& choices = i < array.first.size() ? array.first[i] : array.rest;
    drop_dead_choices(choices);
    if (choices.empty()) {
      array.most = std::min(array.most, static_cast<std::uint32_t>(i));
      break;
    }
  }
}

void machine_builder::finish_object(object_machine& object) const {
  std::vector<bool> with_value;
  for (auto& name : object.names) {
    drop_dead_choices(name.choices);
    with_value.push_back(!name.choices.empty());
  }
  const auto possible = possible_names(object, with_value);
  std::vector<std::uint32_t> renumbered(object.names.size());
  std::vector<member_name> kept;
  for (std::size_t i = 0; i < possible.size(); ++i) {
    renumbered[i] = static_cast<std::uint32_t>(kept.size());
    if (possible[i])
      kept.push_back(std::move(object.names[i]));
  }
  for (auto& name : kept)
    for (auto& other : name.implies)
      other = renumbered[other];
  object.names = std::move(kept);
  object.required = static_cast<std::uint32_t>(std::count_if(object.names.begin(), object.names.end(),
                                                             [](const auto& name) { return name.required; }));
  for (auto& others : object.others)
    drop_dead_choices(others.choices);
  std::erase_if(object.others, [](const auto& others) { return others.choices.empty(); });
  std::vector<std::pair<std::string_view, token_id>> names;
  for (std::size_t i = 0; i < object.names.size(); ++i)
    names.emplace_back(object.names[i].text, static_cast<token_id>(i));
  object.by_bytes = token_trie::of(std::move(names));
  object.below.assign(object.by_bytes.size(), {no_limit, 0});
  for (auto at = static_cast<std::uint32_t>(object.by_bytes.size()); at-- > 0;) {
    auto& [first, end] = object.below[at];
    for (const auto id : object.by_bytes.tokens_at(at))
      first = static_cast<std::uint32_t>(id), end = static_cast<std::uint32_t>(id) + 1;
    const auto& node = object.by_bytes[at];
    for (auto child = node.first_child; child < node.first_child + node.children; ++child) {
      first = std::min(first, object.below[child].first);
      end = std::max(end, object.below[child].second);
    }
  }
}

void machine_builder::finish() {
  for (auto& value : to_.values) {
    std::erase_if(value.arrays, [this](auto id) { return !holds_value(to_.arrays[id]); });
    std::erase_if(value.objects, [this](auto id) { return !holds_value(to_.objects[id]); });
  }
  for (auto& array : to_.arrays)
    finish_array(array);
  for (auto& object : to_.objects)
    finish_object(object);
}

} // namespace troupe::kernels::grammar
