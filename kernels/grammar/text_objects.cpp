#include "kernels/grammar/text_reader.hpp"

#include "kernels/unicode/utf8.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

void text_reader::open_object(machine_id id, const reading& from, readings& to) {
  const auto& machine = with_->objects[id];
  open_frame frame;
  frame.what = open_frame::kind::object;
  frame.parent = from.frame;
  frame.machine = id;
  frame.outstanding = machine.required;
  frame.wanted = machine.wanted;
  frame.free_names = store_.add_names(machine);
  put(to, {phase::first_name, store_.add(frame), 0, 0, 0, 0});
}

bool text_reader::object_may_end(const open_frame& frame) const {
  return frame.outstanding == 0 && frame.wanted == 0 && frame.count >= with_->objects[frame.machine].least;
}

/// The fewest members that must still come: the required ones, and as many more as it takes to count for
/// everything that is wanted.
std::uint32_t text_reader::least_to_come(const open_frame& frame, std::uint32_t without) const {
  if (frame.wanted == 0)
    return frame.outstanding;
  const auto& machine = with_->objects[frame.machine];
  std::array<std::uint32_t, 1u << wanted_max> fewest{}; // by what is left to count for
  fewest.fill(no_limit);
  fewest[frame.wanted] = frame.outstanding;
  const auto use = [&](const value_choices& choices, std::uint32_t price, auto& from, auto& to) {
    for (const auto& choice : choices)
      for (std::uint32_t left = 0; left < from.size(); ++left)
        if (from[left] != no_limit)
          to[left & ~choice.counts_for] = std::min(to[left & ~choice.counts_for], from[left] + price);
  };
  for (std::uint32_t name = 0; name < machine.names.size(); ++name) {
    if (name == without || !store_.may_come(frame.free_names, name))
      continue;
    const auto before = fewest;
    use(machine.names[name].choices, machine.names[name].required ? 0 : 1, before, fewest);
  }
  for (std::size_t times = 0; times < wanted_max; ++times)
    for (const auto& others : machine.others)
      use(others.choices, 1, fewest, fewest);
  return fewest[0];
}

/// One more member, and the object can still count for all that is wanted within its most.
bool text_reader::room_for_choice(open_frame frame, const value_choices& choices, std::uint32_t name) const {
  const auto wanted = frame.wanted;
  ++frame.count;
  return std::any_of(choices.begin(), choices.end(), [&](const auto& choice) {
    frame.wanted = wanted & ~choice.counts_for;
    const auto needed = least_to_come(frame, name);
    return needed != no_limit && frame.count + needed <= with_->objects[frame.machine].most;
  });
}

bool text_reader::room_for_others(const open_frame& frame, const member_names& others) const {
  const auto most = with_->objects[frame.machine].most;
  if (most == no_limit)
    return true;
  return frame.wanted == 0 ? frame.count + frame.outstanding < most
                           : room_for_choice(frame, others.choices, no_limit);
}

std::uint32_t text_reader::newly_implied(const open_frame& frame, std::uint32_t name) const {
  const auto& machine = with_->objects[frame.machine];
  std::uint32_t sum = 0;
  for (const auto other : machine.names[name].implies)
    if (other != name && store_.may_come(frame.free_names, other) && !machine.names[other].required &&
        !is_implied(frame, other))
      ++sum;
  return sum;
}

bool text_reader::room_for(const open_frame& frame, std::uint32_t name) const {
  const auto& machine = with_->objects[frame.machine];
  const bool required = machine.names[name].required;
  if (machine.most == no_limit || (required && frame.wanted == 0))
    return true;
  if (frame.wanted != 0) {
    auto without = frame;
    without.outstanding -= required ? 1 : 0;
    return room_for_choice(without, machine.names[name].choices, name);
  }
  const auto asked_for = is_implied(frame, name) ? 1 : 0;
  return frame.count + frame.outstanding + 1 + newly_implied(frame, name) <= machine.most + asked_for;
}

bool text_reader::name_offered(const reading& one, std::uint32_t place) const {
  const auto& frame = store_.frame(one.frame);
  const auto& machine = with_->objects[frame.machine];
  const auto [first, end] = machine.below[place];
  if (machine.most == no_limit)
    return store_.any_may_come(frame.free_names, first, end);
  for (auto name = first; name < end; ++name)
    if (store_.may_come(frame.free_names, name) && room_for(frame, name))
      return true;
  return false;
}

bool text_reader::object_may_go_on(const open_frame& frame) const {
  const auto& machine = with_->objects[frame.machine];
  for (std::uint32_t name = 0; name < machine.names.size(); ++name)
    if (store_.may_come(frame.free_names, name) && room_for(frame, name))
      return true;
  return std::any_of(machine.others.begin(), machine.others.end(), [&](const auto& others) {
    if (!others.finite || !room_for_others(frame, others))
      return room_for_others(frame, others);
    std::size_t taken = 0;
    for (auto at = frame.last_text; at != 0; at = store_.before(at))
      ++taken;
    return with_->texts.count(others.texts, taken + 1) > taken;
  });
}

void text_reader::begin_name(const reading& from, readings& to) {
  const auto frame = store_.frame(from.frame);
  const auto& machine = with_->objects[frame.machine];
  const auto behind = static_cast<std::uint32_t>(text_.size() + 1);
  const reading listed{phase::name, from.frame, token_trie::root, 0, 0, behind};
  if (name_offered(listed, token_trie::root))
    put(to, listed);
  for (std::uint32_t which = 0; which < machine.others.size(); ++which) {
    if (!room_for_others(frame, machine.others[which]))
      continue;
    const reading other{phase::other_name, from.frame, machine.others[which].texts, which, 0, behind};
    if (!may_be_taken_up(other) ||
        with_->texts.count(other.state, taken(other).size() + 1) > taken(other).size())
      put(to, other);
  }
}

void text_reader::name(const reading& from, std::uint8_t byte, readings& to) {
  if (from.at == phase::other_name)
    return string(from, byte, to);
  if (byte == '"' && from.part == 0)
    return close(from, to);
  if (auto next = from; step_name(next, byte))
    put(to, next);
}

bool text_reader::step_name(reading& one, std::uint8_t byte) const {
  const auto next = decode(one.part, byte, spelled(one));
  one.part = next.part;
  if (next.what == decoded_byte::kind::part)
    return name_can_take(one, possible(next.part));
  if (next.what == decoded_byte::kind::impossible)
    return false;
  const auto& places = object(one).by_bytes;
  for (const char c : unicode::encoded(next.character)) {
    one.state = places.child(one.state, static_cast<std::uint8_t>(c));
    if (one.state == token_trie::none)
      return false;
  }
  return name_offered(one, one.state);
}

bool text_reader::name_can_take(const reading& one, const possible_characters& wanted) const {
  const auto& machine = object(one);
  const auto [first, end] = machine.below[one.state];
  const auto depth = said({one.at, one.frame, one.state, 0, 0, one.begin}).size();
  // The names from here on, by the character that comes next in each.
  for (auto name = first; name < end; ++name) {
    const std::string_view text = machine.names[name].text;
    auto at = depth;
    if (at >= text.size())
      continue;
    const auto c = unicode::next(text, at);
    const bool fits =
        std::any_of(wanted.ranges.begin(), wanted.ranges.begin() + static_cast<std::ptrdiff_t>(wanted.count),
                    [c](const auto& range) { return c >= range.first && c <= range.last; });
    if (!fits)
      continue;
    const auto& frame = store_.frame(one.frame);
    if (store_.may_come(frame.free_names, name) && room_for(frame, name))
      return true;
  }
  return false;
}

/// Another member that is there asks for it.
bool text_reader::is_implied(const open_frame& frame, std::uint32_t name) const {
  const auto& machine = with_->objects[frame.machine];
  for (std::uint32_t other = 0; other < machine.names.size(); ++other)
    if (!store_.may_come(frame.free_names, other) &&
        std::find(machine.names[other].implies.begin(), machine.names[other].implies.end(), name) !=
            machine.names[other].implies.end())
      return true;
  return false;
}

/// What is wanted can still be there when the object ends.
bool text_reader::wanted_reachable(const open_frame& frame) const {
  if (frame.wanted == 0)
    return true;
  const auto most = with_->objects[frame.machine].most;
  const auto needed = least_to_come(frame);
  return needed != no_limit && (most == no_limit || frame.count + needed <= most);
}

void text_reader::take_name(const reading& from, std::uint32_t name, readings& to) {
  const auto frame = store_.frame(from.frame);
  const auto& machine = with_->objects[frame.machine];
  const auto& taken = machine.names[name];
  if (!store_.may_come(frame.free_names, name) || !room_for(frame, name))
    return;
  auto next = frame;
  ++next.count;
  if (taken.required || is_implied(frame, name))
    --next.outstanding;
  next.outstanding += newly_implied(frame, name);
  next.free_names = store_.without_name(frame.free_names, machine, name);
  for (const auto& choice : taken.choices) {
    next.wanted = frame.wanted & ~choice.counts_for;
    // To count for what has been counted changes nothing.
    if ((choice.counts_for & ~frame.wanted) == 0 && wanted_reachable(next))
      put(to, {phase::colon, store_.add(next), choice.node, 0, 0, 0});
  }
}

void text_reader::take_other(const reading& from, readings& to, const std::optional<std::string>& text) {
  const auto frame = store_.frame(from.frame);
  const auto& machine = with_->objects[frame.machine];
  if (text) {
    const auto all = taken(from);
    if (std::find(all.begin(), all.end(), *text) != all.end())
      return;
  }
  auto next = frame;
  ++next.count;
  if (text)
    next.last_text = store_.add_text(frame.last_text, *text);
  for (const auto& choice : machine.others[from.which].choices) {
    next.wanted = frame.wanted & ~choice.counts_for;
    if ((choice.counts_for & ~frame.wanted) == 0 && wanted_reachable(next))
      put(to, {phase::colon, store_.add(next), choice.node, 0, 0, 0});
  }
}

} // namespace troupe::kernels::grammar
