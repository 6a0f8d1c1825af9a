#pragma once

#include "kernels/grammar/terms.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace troupe::kernels::grammar {

/// Terms as the states of an automaton that comes into being as it is walked. From each state whose answer
/// is `alive` an accepted text can still be reached.
class automaton {
public:
  /// Half a kilobyte each, and more where a pattern names many characters.
  static constexpr std::size_t states_max = 50'000;

  term_pool& pool() noexcept { return pool_; }
  const term_pool& pool() const noexcept { return pool_; }

  bool accepts(term_id at) const { return pool_.nullable(at); }
  /// `nothing` if no accepted text goes on like that.
  term_id step(term_id at, char32_t c);
  bool alive(term_id at);
  /// One of the characters from `first` to `last` can come next.
  bool can_take(term_id at, char32_t first, char32_t last);
  /// Whatever printable characters follow, however many, an accepted text can be reached.
  bool endless(term_id at);
  /// How many texts it accepts, as far as that is below `enough`.
  std::size_t count(term_id at, std::size_t enough);

  /// The answers of a pool or an automaton that is full mean nothing.
  bool full() const noexcept { return pool_.full() || full_; }
  /// How much of what it may ever hold is there, from 0 to 1.
  double used() const noexcept {
    const auto share = [](std::size_t there, std::size_t most) {
      return static_cast<double>(there) / static_cast<double>(most);
    };
    return full() ? 1 : std::max(share(built_, states_max), share(pool_.size(), term_pool::terms_max));
  }
  std::size_t bytes() const noexcept { return built_ * sizeof(state) + pool_.size() * 200; }

private:
  struct state {
    std::array<term_id, 128> ascii{};
    std::vector<std::pair<char32_t, term_id>> runs; // where each begins, and where it leads; the first is 0
  };

  const state& look(term_id at);
  state build(term_id at);
  bool search(term_id from);
  std::size_t count_from(term_id at, std::size_t enough, std::vector<term_id>& above);

  term_pool pool_;
  enum class answer : std::uint8_t { unknown, yes, no };

  answer known_alive(term_id at) const { return at < alive_.size() ? alive_[at] : answer::unknown; }
  void know_alive(term_id at, bool alive);

  std::vector<std::unique_ptr<state>> states_; // by term
  std::vector<answer> alive_;
  std::size_t built_ = 0;
  std::unordered_map<term_id, bool> endless_;
  bool full_ = false;
};

} // namespace troupe::kernels::grammar
