#pragma once

#include "kernels/pattern/pattern.hpp"
#include "kernels/pattern/program.hpp"

namespace troupe::kernels {

/// Runs a program over one text. Backtracks on a stack of its own; only look-around and atomic groups
/// recurse, and those nest no deeper than the pattern does.
class pattern_matcher {
public:
  pattern_matcher(const pattern_program& program, std::string_view text)
      : program_(program)
      , text_(text)
      , slots_(program.slots, std::string_view::npos)
      , steps_left_(steps_base + steps_per_byte * text.size()) {}

  /// The end of the match that begins at `at`.
  std::optional<std::size_t> match_at(std::size_t at) { return run(0, at); }

  /// It gave up; no answer counts any more.
  bool exhausted() const noexcept { return steps_left_ == 0; }

private:
  using step = pattern_step;

  // A splitting pattern looks at each byte a few times; a thousand times is a pattern gone wrong.
  static constexpr std::size_t steps_base = 100'000;
  static constexpr std::size_t steps_per_byte = 1'000;
  // Each open choice is 40 bytes.
  static constexpr std::size_t choices_max = 4'000'000;

  /// A way not tried yet, or a slot to restore on the way back.
  struct choice {
    enum class kind : unsigned char { way, fewer, more, slot };
    kind what = kind::way;
    std::uint32_t pc = 0;     // where to go on; of a slot, its number
    std::uint32_t left = 0;   // further characters that may be taken
    std::size_t at = 0;       // the place; of a slot, its value
    std::size_t least_at = 0; // how far back `fewer` may go
  };

  struct place {
    std::uint32_t pc = 0;
    std::size_t at = 0;
  };

  std::optional<std::size_t> run(std::uint32_t pc, std::size_t at);
  bool advance(place& now);
  bool take_many(place& now, const step& many);
  bool enclosed(place& now, const step& head);
  bool back(place& now, std::uint32_t characters);
  bool holds(pattern_assertion what, std::size_t at) const;
  bool is_word_at(std::size_t at) const;
  bool is_word_before(std::size_t at) const;
  bool retry(place& now, std::size_t floor);
  bool retry_many(place& now, choice& open);
  bool keep(choice open);
  bool spend() noexcept { return steps_left_ > 0 && --steps_left_ > 0; }

  const pattern_program& program_;
  std::string_view text_;
  std::vector<std::size_t> slots_;
  std::vector<choice> choices_;
  std::size_t steps_left_;
};

} // namespace troupe::kernels
