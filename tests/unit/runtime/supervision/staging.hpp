#pragma once

#include "runtime/supervision/supervision_tree.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What the supervision tests share: agents by a letter, time in milliseconds, decisions as a line of text.
namespace troupe::supervision::staging {

/// Always the same number: 0 makes every pause empty, n makes it n (where its bound allows).
class fixed_random final : public random_source {
public:
  explicit fixed_random(std::uint64_t value)
      : value_(value) {}
  std::uint64_t next() override { return value_; }

private:
  std::uint64_t value_;
};

/// splitmix64: one seed, one sequence.
class seeded_random final : public random_source {
public:
  explicit seeded_random(std::uint64_t seed)
      : state_(seed) {}
  std::uint64_t next() override {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t n) { return next() % n; }

private:
  std::uint64_t state_;
};

inline instant at(std::int64_t ms) { return from_ms(1'000'000 + ms); }
inline agent_id agent(const std::string& key) { return agent_id::make("default", "stage", key).value(); }
inline child_id child(const std::string& key) { return child_id::of(agent(key)); }

inline std::vector<child_spec> children(const std::vector<std::string>& keys) {
  std::vector<child_spec> made;
  for (const std::string& key : keys)
    made.push_back({child(key), {}});
  return made;
}

/// "stop c, plan b@50, start b": an agent by its key, a supervisor by its name.
inline std::string line(const decisions& made) {
  std::string text;
  for (const decision& d : made) {
    text += text.empty() ? "" : ", ";
    text += std::string(to_string(d.what)) + " " +
            (d.child.is_agent() ? d.child.agent.key() : d.child.supervisor);
    if (d.what == action::plan)
      text += "@" + std::to_string(to_ms(d.at) - to_ms(at(0)));
  }
  return text;
}

inline supervision_policy policy(strategy how, std::uint32_t max_restarts = 3) {
  supervision_policy made;
  made.how = how;
  made.max_restarts = max_restarts;
  return made;
}

} // namespace troupe::supervision::staging
