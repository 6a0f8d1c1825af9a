#include "kernels/grammar/text_reader.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

void text_reader::open_array(machine_id id, const reading& from, readings& to) {
  open_frame frame;
  frame.what = open_frame::kind::array;
  frame.parent = from.frame;
  frame.machine = id;
  put(to, {phase::first_item, store_.add(frame), 0, 0, 0, 0});
}

bool text_reader::array_may_end(const open_frame& frame) const {
  const auto& array = with_->arrays[frame.machine];
  for (std::size_t i = 0; i < array.counts.size(); ++i)
    if (frame.counted[i] < array.counts[i].least)
      return false;
  return frame.count >= array.least;
}

bool text_reader::array_may_go_on(const open_frame& frame) const {
  const auto& array = with_->arrays[frame.machine];
  const auto& choices = array.at(frame.count);
  return frame.count < array.most && std::any_of(choices.begin(), choices.end(), [&](const auto& choice) {
           for (std::size_t i = 0; i < array.counts.size(); ++i)
             if ((choice.counts_for >> i & 1) != 0 && frame.counted[i] >= array.counts[i].most)
               return false;
           return true;
         });
}

/// What is still missing can be made up for by the items that may come.
bool text_reader::counts_reachable(const open_frame& frame, const array_machine& array) const {
  for (std::size_t i = 0; i < array.counts.size(); ++i) {
    auto missing = array.counts[i].least > frame.counted[i] ? array.counts[i].least - frame.counted[i] : 0;
    const auto last = std::max<std::size_t>(frame.count, array.first.size());
    for (auto at = frame.count; missing > 0 && at <= last && at < array.most; ++at) {
      const auto& choices = array.at(at);
      const bool can = std::any_of(choices.begin(), choices.end(),
                                   [i](const auto& choice) { return (choice.counts_for >> i & 1) != 0; });
      if (can)
        missing -= at < array.first.size() ? 1 : std::min(missing, array.most - at);
    }
    if (missing > 0)
      return false;
  }
  return true;
}

void text_reader::item(const reading& from, std::uint8_t byte, readings& to) {
  const auto frame = store_.frame(from.frame);
  const auto& array = with_->arrays[frame.machine];
  if (byte == ']') {
    if (from.at == phase::first_item && array_may_end(frame))
      done_with(frame.parent, to);
    return;
  }
  if (frame.count >= array.most)
    return;
  for (const auto& choice : array.at(frame.count)) {
    auto next = frame;
    ++next.count;
    bool fits = true;
    for (std::size_t i = 0; i < array.counts.size(); ++i) {
      if ((choice.counts_for >> i & 1) == 0)
        continue;
      // To count what there is enough of already changes nothing, unless there is a most of it.
      const bool enough = frame.counted[i] >= array.counts[i].least;
      fits = fits && (array.counts[i].most == no_limit ? !enough : frame.counted[i] < array.counts[i].most);
      ++next.counted[i];
    }
    if (fits && counts_reachable(next, array))
      value({phase::value, store_.add(next), choice.node, 0, 0, 0}, byte, to);
  }
}

} // namespace troupe::kernels::grammar
