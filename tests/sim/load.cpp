#include "tests/sim/load.hpp"

#include "runtime/base/object.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace troupe::sim {
namespace {

constexpr int sources = 3, ledgers = 2, accounts = 3, workers = 2;

} // namespace

void load::offer_unacknowledged() {
  for (const auto& [key, m] : sent_)
    if (!m.acknowledged)
      offer(key);
}

void load::offer_all() {
  for (const auto& [key, m] : sent_)
    offer(key);
}

bool load::all_acknowledged() const {
  return std::all_of(sent_.begin(), sent_.end(), [](const auto& m) { return m.second.acknowledged; });
}

std::string load::pick(const char* kind, int of) {
  return std::string(kind) + '/' + std::to_string(random_.below(static_cast<std::uint64_t>(of)));
}

void load::send_one(int i) {
  auto key = "m" + std::to_string(i);
  switch (random_.below(6)) {
  case 0:
  case 1: {
    auto receiver = std::to_string(random_.below(ledgers));
    return send(key, pick("probe.source", sources), "forward", object("receiver", receiver));
  }
  case 2:
  case 3:
    return send(key, pick("probe.account", accounts), "pay",
                object("to", std::to_string(random_.below(accounts)), "amount", 1 + random_.below(9)));
  case 4:
    return send(key, pick("probe.worker", workers), "work", object("order", i));
  default:
    return random_.one_in(3) ? send(key, "probe.fragile/0", "stumble", object("poison", random_.one_in(2)))
                             : send(key, "probe.service/0", "serve", object("ms", random_.below(40)));
  }
}

/// The caller tries again until it is acknowledged, under the same key: what a gateway does.
void load::send(const std::string& key, const std::string& to, const std::string& type, const json& body) {
  auto& sent = sent_[key];
  sent = {to, type, body.dump(), false};
  offer(key);
}

void load::offer(const std::string& key) {
  const auto& m = sent_.at(key);
  world_.inject(
      m.to, m.type, m.body,
      [this, key](result<inject_answer> a) {
        if (a)
          sent_.at(key).acknowledged = true;
      },
      key);
}

std::string load::check() {
  for (const auto& [key, m] : sent_)
    m.acknowledged ? void(++acknowledged_) : violated(key + " was never acknowledged");
  auto l = world_.totals();
  if (l.pending != 0)
    violated(std::to_string(l.pending) + " messages never arrived");
  if (l.sent != l.applied + l.skipped + l.pending + l.dead_lettered)
    violated("the books do not balance: sent " + std::to_string(l.sent) + ", applied " +
             std::to_string(l.applied) + ", skipped " + std::to_string(l.skipped) + ", dead " +
             std::to_string(l.dead_lettered));
  for (const auto& left : world_.undelivered())
    violated(left);
  for (const auto& a : world_.agents())
    if (a.status != journal::agent_status::active)
      violated(a.id.text() + " does not run: " + a.reason);
  check_sequences();
  check_money();
  check_workers();
  check_poison();
  check_effects();
  return violation_;
}

void load::check_sequences() {
  std::int64_t forwarded = 0, noted = 0;
  for (int s = 0; s < sources; ++s)
    for (const auto& [key, body] : world_.documents("probe.source/" + std::to_string(s)))
      forwarded += std::stoll(body);
  for (int r = 0; r < ledgers; ++r)
    for (const auto& [key, body] : world_.documents("probe.ledger/" + std::to_string(r)))
      key == "violation" ? violated("order: " + body) : void(noted += std::stoll(body));
  if (forwarded != count("forward") || noted != forwarded)
    violated("forwarded " + std::to_string(forwarded) + " of " + std::to_string(count("forward")) +
             ", noted " + std::to_string(noted));
}

void load::check_money() {
  std::int64_t sum = 0;
  for (int a = 0; a < accounts; ++a)
    for (const auto& [key, body] : world_.documents("probe.account/" + std::to_string(a)))
      sum += std::stoll(body);
  if (sum != 0)
    violated("money was made or lost: " + std::to_string(sum));
}

void load::check_workers() {
  std::int64_t done = 0, steps = 0, calls = 0;
  for (int w = 0; w < workers; ++w) {
    auto d = world_.documents("probe.worker/" + std::to_string(w));
    done += d.contains("done") ? std::stoll(d["done"]) : 0;
    steps += d.contains("steps") ? std::stoll(d["steps"]) : 0;
    auto c = world_.documents("probe.ledger/calls-" + std::to_string(w));
    calls += c.contains("calls") ? std::stoll(c["calls"]) : 0;
  }
  if (done != count("work") || steps != 3 * done || calls > done)
    violated("workers did " + std::to_string(done) + " of " + std::to_string(count("work")) + " tasks in " +
             std::to_string(steps) + " steps, with " + std::to_string(calls) + " calls");
  auto service = world_.documents("probe.service/0");
  auto served = service.contains("served") ? std::stoll(service["served"]) : 0;
  if (served != count("serve"))
    violated("served " + std::to_string(served) + " of " + std::to_string(count("serve")));
}

void load::check_poison() {
  std::size_t poison = 0;
  for (const auto& [key, m] : sent_)
    poison += m.type == "stumble" && m.body.find("true") != std::string::npos;
  if (world_.dead_letters().size() != poison)
    violated(std::to_string(world_.dead_letters().size()) + " dead letters for " + std::to_string(poison) +
             " poisons");
}

/// Two wires a task; a key seen twice must have been marked as repeated.
void load::check_effects() {
  std::set<std::string> keys;
  for (const auto& e : world_.effects())
    if (!keys.insert(e.key).second && !e.repeated)
      violated("effect " + e.key + " was carried out twice without a crash between");
  if (keys.size() != 2 * static_cast<std::size_t>(count("work")))
    violated("the outside saw " + std::to_string(keys.size()) + " keys for " +
             std::to_string(2 * count("work")) + " effects");
}

std::int64_t load::count(const std::string& type) const {
  return std::count_if(sent_.begin(), sent_.end(), [&](const auto& m) { return m.second.type == type; });
}

void load::violated(const std::string& what) { violation_ += (violation_.empty() ? "" : "; ") + what; }

} // namespace troupe::sim
