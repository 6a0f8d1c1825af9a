#include "kernels/pattern/program.hpp"

#include <algorithm>

namespace troupe::kernels {

namespace {

using step = pattern_step;
using node = pattern_node;

class assembler {
public:
  explicit assembler(pattern_program& into)
      : program_(into) {}

  result<done> whole(const node& root) {
    emit(root);
    put(step::kind::accept);
    if (failure_)
      return tl::unexpected(*failure_);
    return done{};
  }

private:
  std::uint32_t here() const { return static_cast<std::uint32_t>(program_.steps.size()); }

  /// Past a failure nothing is added, so that a hostile pattern costs no memory.
  std::uint32_t put(step::kind what) {
    if (program_.steps.size() >= pattern_steps_max && !failure_)
      failure_ = error{fault::refused, "the pattern repeats too much", "use smaller counts"};
    if (!failure_)
      program_.steps.push_back(step{});
    program_.steps.back().what = what;
    return here() - 1;
  }
  step& at(std::uint32_t place) { return program_.steps[place]; }

  void emit(const node& one) {
    if (failure_)
      return;
    switch (one.what) {
    case node::kind::set:
      at(put(step::kind::one)).set = static_cast<std::uint32_t>(one.set);
      return;
    case node::kind::sequence:
      for (const auto& child : one.children)
        emit(child);
      return;
    case node::kind::choice:
      return emit_choice(one);
    case node::kind::repeat:
      return emit_repeat(one);
    case node::kind::look_ahead:
      return emit_enclosed(step::kind::look_ahead, one);
    case node::kind::look_behind:
      return emit_look_behind(one);
    case node::kind::atomic:
      return emit_enclosed(step::kind::atomic, one);
    case node::kind::assertion:
      at(put(step::kind::assertion)).asserts = one.asserts;
      return;
    }
  }

  void emit_choice(const node& choice) {
    std::vector<std::uint32_t> ends;
    for (std::size_t i = 0; i + 1 < choice.children.size(); ++i) {
      const auto fork = put(step::kind::fork);
      at(fork).to = here();
      emit(choice.children[i]);
      ends.push_back(put(step::kind::jump));
      at(fork).other = here();
    }
    emit(choice.children.back());
    for (const auto end : ends)
      at(end).to = here();
  }

  void emit_enclosed(step::kind what, const node& one) {
    const auto head = put(what);
    at(head).negated = one.negated;
    emit(one.children.front());
    put(step::kind::accept);
    at(head).to = here();
  }

  void emit_look_behind(const node& one) {
    const node& body = one.children.front();
    const auto head = put(step::kind::look_behind);
    at(head).negated = one.negated;
    const bool choice = body.what == node::kind::choice;
    for (std::size_t i = 0; i < (choice ? body.children.size() : 1); ++i) {
      const node& part = choice ? body.children[i] : body;
      const auto width = width_of(part);
      if (!width) {
        failure_ = error{fault::refused, "the pattern looks behind for texts of several lengths", ""};
        return;
      }
      const auto fork = put(step::kind::fork);
      at(fork).to = here();
      at(put(step::kind::back)).least = *width;
      emit(part);
      put(step::kind::accept);
      at(fork).other = here();
    }
    put_nothing();
    at(head).to = here();
  }

  /// No way on: a set that accepts no character.
  void put_nothing() {
    character_set none;
    none.seal();
    program_.sets.push_back(std::move(none));
    at(put(step::kind::one)).set = static_cast<std::uint32_t>(program_.sets.size() - 1);
  }

  /// In characters, if it is always the same.
  static std::optional<std::uint32_t> width_of(const node& one) {
    switch (one.what) {
    case node::kind::set:
      return 1;
    case node::kind::look_ahead:
    case node::kind::look_behind:
    case node::kind::assertion:
      return 0;
    case node::kind::repeat: {
      const auto width = width_of(one.children.front());
      return width && one.least == one.most ? std::optional(*width * one.least) : std::nullopt;
    }
    case node::kind::choice: {
      const auto width = width_of(one.children.front());
      const bool same =
          std::ranges::all_of(one.children, [&](const auto& c) { return width_of(c) == width; });
      return same ? width : std::nullopt;
    }
    case node::kind::sequence:
    case node::kind::atomic:
      break;
    }
    std::uint32_t sum = 0;
    for (const auto& child : one.children) {
      const auto width = width_of(child);
      if (!width || *width > pattern_repeat_max)
        return std::nullopt;
      sum += *width;
    }
    return sum;
  }

  void emit_repeat(const node& repeat) {
    const node& body = repeat.children.front();
    if (body.what == node::kind::set) {
      auto& many = at(put(step::kind::many));
      many.set = static_cast<std::uint32_t>(body.set);
      many.least = repeat.least;
      many.most = repeat.most;
      many.how = repeat.how;
      return;
    }
    if (repeat.how == repetition::possessive) {
      const auto head = put(step::kind::atomic);
      emit_turns(repeat, body, false);
      put(step::kind::accept);
      at(head).to = here();
      return;
    }
    emit_turns(repeat, body, repeat.how == repetition::lazy);
  }

  void emit_turns(const node& repeat, const node& body, bool lazy) {
    for (std::uint32_t i = 0; i < repeat.least && !failure_; ++i)
      emit(body);
    if (repeat.most == without_end)
      return emit_loop(body, lazy);
    std::vector<std::uint32_t> forks;
    for (std::uint32_t i = repeat.least; i < repeat.most && !failure_; ++i) {
      forks.push_back(put(step::kind::fork));
      prefer(forks.back(), here(), lazy);
      emit(body);
    }
    for (const auto fork : forks)
      leave(fork, here(), lazy);
  }

  void emit_loop(const node& body, bool lazy) {
    const auto fork = put(step::kind::fork);
    prefer(fork, here(), lazy);
    const auto slot = program_.slots++;
    at(put(step::kind::mark)).least = slot;
    emit(body);
    const auto progress = put(step::kind::progress); // a turn that took nothing would go on for ever
    at(progress).least = slot;
    at(put(step::kind::jump)).to = fork;
    at(progress).to = here();
    leave(fork, here(), lazy);
  }

  void prefer(std::uint32_t fork, std::uint32_t body, bool lazy) {
    (lazy ? at(fork).other : at(fork).to) = body;
  }
  void leave(std::uint32_t fork, std::uint32_t out, bool lazy) {
    (lazy ? at(fork).to : at(fork).other) = out;
  }

  pattern_program& program_;
  std::optional<error> failure_;
};

} // namespace

result<pattern_program> assemble(parsed_pattern parsed) {
  pattern_program program;
  program.sets = std::move(parsed.sets);
  program.steps.reserve(64);
  if (auto whole = assembler(program).whole(parsed.root); !whole)
    return fail(whole);
  return program;
}

} // namespace troupe::kernels
