#include "kernels/grammar/text_store.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

namespace {

std::size_t words_of(const object_machine& machine) { return (machine.names.size() + 63) / 64; }

} // namespace

void text_store::cut(const mark& to) {
  frames_.resize(to.frames);
  bits_.resize(to.bits);
  texts_.resize(to.texts);
  characters_.resize(to.characters);
}

std::uint32_t text_store::add(const open_frame& frame) {
  frames_.push_back(frame);
  return static_cast<std::uint32_t>(frames_.size() - 1);
}

bool text_store::same_texts(std::uint32_t a, std::uint32_t b) const {
  for (; a != b; a = texts_[a].before, b = texts_[b].before)
    if (a == 0 || b == 0 || text(a) != text(b))
      return false;
  return true;
}

bool text_store::same(const open_frame& a, const open_frame& b, const machines& with) const {
  if (a.what != b.what || a.parent != b.parent || a.machine != b.machine || a.count != b.count ||
      a.outstanding != b.outstanding || a.wanted != b.wanted || a.counted != b.counted ||
      !same_texts(a.last_text, b.last_text))
    return false;
  if (a.what != open_frame::kind::object || a.free_names == b.free_names)
    return true;
  const auto words = static_cast<std::ptrdiff_t>(words_of(with.objects[a.machine]));
  const auto first = bits_.begin() + a.free_names;
  return std::equal(first, first + words, bits_.begin() + b.free_names);
}

std::uint32_t text_store::same_as(std::uint32_t id, std::size_t from, const machines& with) const {
  for (auto other = static_cast<std::uint32_t>(from); other < id; ++other)
    if (same(frames_[other], frames_[id], with))
      return other;
  return id;
}

std::uint32_t text_store::add_names(const object_machine& machine) {
  const auto at = static_cast<std::uint32_t>(bits_.size());
  auto left = machine.names.size();
  for (std::size_t word = 0; word < words_of(machine); ++word, left -= std::min<std::size_t>(left, 64))
    bits_.push_back(left >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1);
  return at;
}

std::uint32_t text_store::without_name(std::uint32_t bits, const object_machine& machine,
                                       std::uint32_t name) {
  const auto at = static_cast<std::uint32_t>(bits_.size());
  bits_.resize(bits_.size() + words_of(machine));
  std::copy_n(bits_.begin() + bits, words_of(machine), bits_.begin() + at);
  bits_[at + name / 64] &= ~(std::uint64_t{1} << (name % 64));
  return at;
}

bool text_store::any_may_come(std::uint32_t bits, std::uint32_t first, std::uint32_t end) const {
  for (auto name = first; name < end;) {
    const auto word = bits_[bits + name / 64] >> (name % 64);
    const auto here = std::min(end - name, 64 - name % 64);
    const auto mask = here >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << here) - 1;
    if ((word & mask) != 0)
      return true;
    name += here;
  }
  return false;
}

std::uint32_t text_store::add_text(std::uint32_t last, std::string_view text) {
  texts_.push_back(
      {last, static_cast<std::uint32_t>(characters_.size()), static_cast<std::uint32_t>(text.size())});
  characters_ += text;
  return static_cast<std::uint32_t>(texts_.size() - 1);
}

} // namespace troupe::kernels::grammar
