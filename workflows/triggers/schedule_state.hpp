#pragma once

#include "config/result.hpp"
#include "runtime/journal/listing.hpp"
#include "workflows/run/state.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::workflow {

/// Why a run begins.
enum class start_reason : std::uint8_t { schedule, trigger, backfill };
std::string_view to_string(start_reason r) noexcept;

/// A run that belongs to an instant. Its id follows from schedule and instant, so that a second claim of the
/// same instant names the same run.
struct claim {
  instant nominal{};
  std::string run;
  start_reason why = start_reason::schedule;
  bool canceled = false; // told to end, for the sake of a later one
};

/// A schedule, folded.
struct schedule_record {
  std::string id; // WORKFLOW/NAME, its agent's key
  std::string tenant;
  std::string workflow;
  std::string name;
  std::string pin; // the definition it reads; empty: none yet
  bool deployed = false;
  bool paused = false;
  bool absent = false; // its workflow is not on the node that looked last
  instant now{};       // of the last record
  instant settled{};   // every instant up to here has had its decision
  instant next = never;
  std::optional<instant> looking;                     // the clockwork is asked, up to here
  std::optional<std::pair<instant, instant>> filling; // likewise for a backfill, both ends included
  std::optional<waiting_caller> asker;                // of that backfill
  std::vector<claim> open;                            // runs not known to be over
  std::deque<claim> waiting;                          // for those
  std::uint64_t started = 0;
  std::uint64_t skipped = 0;
  std::optional<claim> last; // the run begun last
  std::string problem;       // why it cannot go on; empty: it can
};

std::string encode(const schedule_record& s);
result<void> decode(std::string_view text, schedule_record& into);

/// JSON text for people; `rule` is null until it is deployed.
std::string view_of(const schedule_record& s, const schedule_trigger* rule);
journal::listing index_line(const schedule_record& s, const schedule_trigger* rule);

} // namespace troupe::workflow
