#pragma once

#include "runtime/base/time.hpp"
#include "workflows/plan/formula.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace troupe::workflow {

class schema; // a JSON Schema, compiled

/// What may have happened when an attempt ends without an answer.
enum class effect_class : std::uint8_t { at_least_once, pure, idempotent, once };

enum class after_retries : std::uint8_t { unset, fail, park };

struct retry_policy {
  std::uint32_t attempts = 1; // in all
  bool exponential = true;
  milliseconds initial{1000};
  milliseconds max{60'000};
  bool full_jitter = true;
  std::vector<std::string> on; // error kinds; empty: all that may get better
  after_retries then = after_retries::unset;
};

/// Zero: not limited. Money is in micro-units.
struct budget {
  std::uint64_t tokens = 0;
  std::uint64_t micro_usd = 0;
  milliseconds wall{0};
  bool limits_anything() const noexcept { return tokens != 0 || micro_usd != 0 || wall.count() != 0; }
};

struct placement {
  formula label;
  formula near;
  formula node;
};

struct cache_rule {
  milliseconds ttl{0};
  formula key;
};

enum class restart_rule : std::uint8_t { permanent, transient, temporary };

/// How a crashed agent is restarted.
struct supervision_rule {
  restart_rule restart = restart_rule::permanent;
  std::uint32_t max_restarts = 5;
  milliseconds within{60'000};
};

struct output_rule {
  std::shared_ptr<const schema> shape;
  std::uint32_t repairs = 0; // how often an answer that does not fit is asked for again
  bool store = false;
};

} // namespace troupe::workflow
