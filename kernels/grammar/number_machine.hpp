#pragma once

#include "kernels/grammar/number_set.hpp"

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

namespace troupe::kernels::grammar {

/// Reads numbers as JSON writes them, a character at a time, and lets only those pass from which a number of
/// the set can be reached. A number that is limited in some way is written plainly or with one digit other
/// than 0 in front of the point and an exponent, so that "500" is not kept alive by "500e-2".
class number_machine {
public:
  using state_id = std::uint32_t;
  static constexpr state_id dead = 0;
  /// Digits in front of the point and behind it; a double's largest exponent leaves no room for more.
  static constexpr std::size_t whole_max = 40;
  static constexpr std::size_t broken_max = 40;
  static constexpr std::size_t states_max = 200'000;

  explicit number_machine(bool exponents = true);

  /// Where reading a number of the set begins.
  state_id begin(const number_set& set);
  state_id step(state_id at, char byte);
  bool complete(state_id at) const { return states_[at].complete; }
  bool full() const noexcept { return states_.size() > states_max; }
  /// How much of what it may ever hold is there, from 0 to 1 and a little more.
  double used() const noexcept {
    return static_cast<double>(states_.size()) / static_cast<double>(states_max);
  }
  std::size_t bytes() const noexcept { return states_.size() * (sizeof(state) + 128); }

private:
  enum class place : std::uint8_t { begin, minus, zero, whole, point, broken, e, sign, exponent };

  struct spelled {
    place where = place::begin;
    bool negative = false;
    std::string digits; // before and behind the point
    std::size_t whole = 0;
    bool down = false; // the exponent
    std::string exponent;
  };

  struct state {
    spelled text;
    std::uint32_t set = 0;
    bool complete = false;
    std::array<state_id, 15> next{};
  };

  static bool advance(spelled& text, char byte, bool exponents);
  bool fits(const spelled& text, bool free) const;
  std::string outlook(const spelled& text, std::uint32_t set) const;
  std::string plain_outlook(const spelled& text, const number_range& range) const;
  std::string exponent_outlook(const spelled& text, const number_range& range) const;
  state_id enter(spelled text, std::uint32_t set);

  bool exponents_;
  std::vector<number_set> sets_;
  std::vector<state> states_;
  std::unordered_map<std::string, state_id> known_;
};

} // namespace troupe::kernels::grammar
