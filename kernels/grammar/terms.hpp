#pragma once

#include "kernels/grammar/code_point_set.hpp"

#include <cstddef>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

namespace troupe::kernels::grammar {

/// A set of texts; equal numbers of one pool are equal sets (the converse does not hold).
using term_id = std::uint32_t;

inline constexpr std::uint32_t no_limit = std::numeric_limits<std::uint32_t>::max();

/// Regular expressions with "and", "not" and counted repetition, each distinct one held once. Two derivatives
/// that mean the same thing mostly become the same term, so that taking derivatives ends.
class term_pool {
public:
  /// Fifty bytes or so each.
  static constexpr std::size_t terms_max = 400'000;

  term_pool();

  static constexpr term_id nothing = 0;  // no text
  static constexpr term_id no_text = 1;  // the empty text only
  static constexpr term_id anything = 2; // every text

  term_id character(const code_point_set& set);
  term_id any_character() { return character(code_point_set::all()); }
  term_id literal(std::u32string_view text);
  /// Any of them; shared beginnings are shared.
  term_id literals(std::vector<std::u32string> texts);
  term_id concat(term_id first, term_id then);
  term_id either(std::vector<term_id> terms);
  term_id both(std::vector<term_id> terms);
  term_id negated(term_id of);
  term_id repeat(term_id of, std::uint32_t least, std::uint32_t most);

  bool nullable(term_id id) const { return terms_[id].nullable; }
  /// Certain to hold a text unless it is `nothing`.
  bool plain(term_id id) const { return terms_[id].plain; }
  /// Certain to hold only so many texts.
  bool finite(term_id id) const { return terms_[id].finite; }
  /// All but the texts of a finite term: whatever comes, one more character leads out of those.
  bool nearly_anything(term_id id) const { return terms_[id].what == kind::negated && finite(terms_[id].a); }
  /// What may follow `c`.
  term_id derivative(term_id id, char32_t c);
  /// The sets of characters that decide about the next one.
  void first_sets(term_id id, std::vector<std::uint32_t>& sets) const;
  const code_point_set& set(std::uint32_t index) const { return sets_[index]; }

  /// Texts of `least` to `most` characters, whatever they are.
  bool only_counts(term_id id, std::uint32_t& least, std::uint32_t& most) const;

  /// Too many terms: what came after is meaningless.
  bool full() const noexcept { return full_; }
  std::size_t size() const noexcept { return terms_.size(); }

private:
  enum class kind : std::uint8_t { nothing, no_text, character, concat, either, both, negated, repeat };

  struct term {
    kind what = kind::nothing;
    bool nullable = false;
    bool plain = true;
    bool finite = true;
    std::uint32_t a = 0; // first part; of a character, its set
    std::uint32_t b = 0; // second part
    std::uint32_t least = 0;
    std::uint32_t most = 0;
    std::vector<term_id> parts; // of either and both, sorted
    bool operator==(const term& other) const {
      return what == other.what && a == other.a && b == other.b && least == other.least &&
             most == other.most && parts == other.parts;
    }
  };
  struct term_hash {
    std::size_t operator()(const term& t) const noexcept;
  };

  term_id put(term made);
  bool is_finite(const term& made) const;
  std::uint32_t put_set(const code_point_set& set);
  term_id literals_from(const std::vector<std::u32string>& sorted, std::size_t begin, std::size_t end,
                        std::size_t depth);
  void flatten(kind what, std::vector<term_id>& terms) const;
  void join_sets(std::vector<term_id>& terms);

  std::vector<term> terms_;
  std::unordered_map<term, term_id, term_hash> ids_;
  std::vector<code_point_set> sets_;
  std::unordered_map<std::size_t, std::vector<std::uint32_t>> set_ids_; // by hash
  bool full_ = false;
};

} // namespace troupe::kernels::grammar
