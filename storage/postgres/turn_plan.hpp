#pragma once

#include "runtime/journal/journal.hpp"
#include "storage/postgres/blob_book.hpp"
#include "storage/postgres/group_arrays.hpp"
#include "storage/postgres/stream_numbers.hpp"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace troupe::storage::postgres {

/// Where the store says a stream stands.
struct stream_facts {
  bool marked = false;
  std::uint64_t base = 0; // the mark; without one, what lies before the first row
  std::uint64_t last = 0; // the highest number given
};
using facts_by_stream = std::unordered_map<stream, stream_facts, stream_hash>;

/// Several turns as one group: what each writes is merged, so that every row is written once. Turns of one
/// activation pass or fall together; one that is refused here takes the later ones of its activation along.
/// Holds references to the turns.
class turn_plan {
public:
  /// `checked`: where the streams that the turns advance stand, when that was looked up; else the statement
  /// itself finds out, and says so by failing.
  turn_plan(const std::vector<const journal::turn_commit*>& turns, bool deduped,
            const facts_by_stream* checked);

  /// Streams the turns take from.
  std::vector<stream> advanced() const;
  /// Streams the turns send on whose last number nobody remembers.
  std::vector<stream> unnumbered(const stream_numbers& known) const;

  /// Gives the outgoing messages their numbers and fills the columns. Every unnumbered stream is in `found`.
  group_arrays encode(const stream_numbers& known, const facts_by_stream& found, blob_book& blobs);

  struct verdict {
    bool passed = false;
    std::string why;
    std::vector<std::uint64_t> numbers;
  };
  /// What became of each turn, when the activations with a '1' in `bits` have passed.
  std::vector<verdict> verdicts(const std::string& bits) const;

  std::size_t activations() const noexcept { return activations_.size(); }
  /// How far the streams were read by those that passed.
  std::vector<std::pair<stream, std::uint64_t>> consumed(const std::string& bits) const;

  /// Tells what is known of streams now that the group is durable.
  void settle(const std::string& bits, stream_numbers& numbers, outbox_book& book) const;

private:
  friend class plan_encoder;

  struct activation {
    std::uint64_t birth = 0;
    std::uint64_t epoch = 0;
    bool spent = false; // a turn of it was refused
    std::uint64_t sent = 0, applied = 0, skipped = 0, dead_lettered = 0;
    std::optional<instant> next_due;
    std::optional<journal::agent_status> status;
    const std::string* reason = nullptr;
  };
  struct accepted {
    const journal::turn_commit* turn = nullptr;
    std::size_t f = 0;
    std::string refused;
    std::vector<std::uint64_t> numbers;
  };
  struct advance {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    bool fresh = false;
  };
  using in_activation = std::pair<std::size_t, stream>;
  struct in_activation_hash {
    std::size_t operator()(const in_activation& k) const noexcept {
      return stream_hash{}(k.second) * 31 + k.first;
    }
  };

  std::size_t activation_of(const journal::turn_commit& turn);
  std::string refusal(const journal::turn_commit& turn, std::size_t f) const;
  std::string mark_refusal(const journal::turn_commit& turn, const journal::mark_advance& m,
                           std::size_t f) const;
  void accept(const journal::turn_commit& turn, std::size_t f);

  bool deduped_;
  const facts_by_stream* checked_;
  std::vector<activation> activations_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> by_birth_;
  std::vector<accepted> turns_;
  std::unordered_map<in_activation, advance, in_activation_hash> advances_;
  std::unordered_map<in_activation, std::uint64_t, in_activation_hash> last_;
};

} // namespace troupe::storage::postgres
