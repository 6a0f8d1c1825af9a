#include "tests/unit/workflows/run/random_flow.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <random>

namespace troupe::workflow {
namespace {

using nlohmann::json;

class maker {
public:
  explicit maker(std::uint64_t seed)
      : draw_(seed) {}

  json flow() {
    json made{{"workflow", "w"}, {"vars", {{"a", 1}, {"b", 2}, {"c", 3}}}, {"steps", steps(3)}};
    if (one_in(3))
      made["deadline"] = "40m";
    if (one_in(2))
      made["output"] = {{"a", "${{ vars.a }}"}, {"b", "${{ vars.b }}"}, {"c", "${{ vars.c }}"}};
    if (one_in(3))
      made["search"] = {{"a", "${{ vars.a }}"}};
    return made;
  }

private:
  std::uint64_t below(std::uint64_t n) { return draw_() % n; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

  template<std::size_t N>
  std::string pick(const std::array<const char*, N>& from) {
    return from[below(N)];
  }

  std::string variable() { return pick<3>({"vars.a", "vars.b", "vars.c"}); }
  std::string number() {
    return "${{ " + variable() + pick<3>({" + ", " * ", " - "}) + std::to_string(below(5)) + " }}";
  }
  std::string condition() {
    return "${{ (" + variable() + " + " + std::to_string(below(4)) + ") % 3 " +
           pick<3>({"> 0", "== 1", "!= 2"}) + " }}";
  }

  json steps(int depth) {
    auto all = json::array();
    for (auto n = 1 + below(3); n > 0; --n)
      all.push_back(step(depth));
    return all;
  }

  /// A branch may end itself early.
  json branch(int depth) {
    auto all = steps(depth);
    if (one_in(6))
      all.push_back({{"return", number()}});
    return all;
  }

  /// An arm may end all of it: nothing follows there.
  json arm(int depth) {
    auto all = steps(depth);
    if (one_in(6))
      all.push_back({{"return", number()}});
    else if (one_in(8))
      all.push_back({{"fail", {{"kind", "made.up"}, {"message", "drawn"}}}});
    return all;
  }

  json step(int depth) {
    auto made = depth > 0 && one_in(2) ? composite(depth - 1) : leaf();
    if (one_in(8))
      made["if"] = condition();
    if (one_in(3))
      made["id"] = "s" + std::to_string(++ids_);
    return made;
  }

  json leaf() {
    switch (below(9)) {
    case 0:
      return {{"set", {{pick<3>({"a", "b", "c"}), number()}}}};
    case 1:
      return {{"wait", std::to_string(1 + below(90)) + "s"}};
    case 2:
      return {{"receive", {{"signal", pick<2>({"x", "y"})}, {"timeout", "5m"}, {"default", 0}}}};
    case 3:
      return {{"approval",
               {{"title", "Go?"},
                {"remind", {"1m"}},
                {"deadline", "10m"},
                {"default", pick<2>({"approve", "reject"})}}}};
    case 4:
      return {{"emit", {{"event", "seen"}, {"data", number()}}}};
    case 5:
      return {{"agent", "transform"}, {"action", "apply"}, {"with", {{"value", number()}}}};
    default:
      return ask();
    }
  }

  json ask() {
    json made{{"agent", pick<2>({"x", "y"})}, {"action", "do"}, {"with", {{"n", number()}}}};
    if (one_in(2))
      made["timeout"] = "20s";
    if (one_in(2))
      made["retry"] = {{"attempts", 1 + below(3)}, {"initial", "2s"}, {"then", pick<2>({"fail", "park"})}};
    if (one_in(5))
      made["deadline"] = "1m";
    if (one_in(4))
      made["compensate"] = json::array({{{"agent", "z"}, {"action", "undo"}, {"with", {{"n", number()}}}}});
    if (one_in(6)) {
      made["effect"] = "once";
      made["reconcile"] = {
          {"agent", "z"}, {"action", "lookup"}, {"with", {{"key", "${{ step.idempotency_key }}"}}}};
    }
    return made;
  }

  json branches(int depth) {
    auto all = json::object();
    for (auto n = 2 + below(2); n > 0; --n)
      all["b" + std::to_string(n)] = branch(depth);
    return all;
  }

  json composite(int depth) {
    switch (below(8)) {
    case 0:
      return {{"steps", steps(depth)}};
    case 1:
      return parallel(depth);
    case 2:
      return {{"choice", {{{"when", condition()}, {"steps", arm(depth)}}, {{"else", steps(depth)}}}}};
    case 3:
      return {{"map",
               {{"over", {3, 1, 2}},
                {"as", "one"},
                {"max_parallel", 1 + below(3)},
                {"on_failure", pick<3>({"cancel", "wait", "skip"})},
                {"steps", branch(depth)}}}};
    case 4:
      return {{"loop",
               {{pick<2>({"while", "until"}), condition()},
                {"max", 1 + below(3)},
                {"on_exhausted", pick<2>({"continue", "fail"})},
                {"steps", round(depth)}}}};
    case 5:
      return {{"race", {{"branches", branches(depth)}}}};
    case 6:
      return attempt(depth);
    default:
      return parallel(depth);
    }
  }

  /// A loop without anything to wait for would only turn.
  json round(int depth) {
    auto all = steps(depth);
    all.push_back(ask());
    return all;
  }

  json parallel(int depth) {
    json body{{"branches", branches(depth)}};
    const auto join = below(4);
    if (join < 3)
      body["join"] = std::array{"all", "any", "settled"}[join];
    else
      body["join"] = {{"at_least", 1 + below(2)}};
    body["on_failure"] = pick<2>({"cancel", "wait"});
    return {{"parallel", std::move(body)}};
  }

  json attempt(int depth) {
    json made{{"try", steps(depth)}};
    if (one_in(2))
      made["catch"] =
          json::array({{{"on", {pick<3>({"timeout", "unavailable", "made.up"})}}, {"steps", arm(depth)}}});
    if (!made.contains("catch") || one_in(2))
      made["finally"] = steps(depth > 0 ? depth - 1 : 0);
    return made;
  }

  std::mt19937_64 draw_;
  std::uint64_t ids_ = 0;
};

} // namespace

std::string random_flow(std::uint64_t seed) { return maker(seed).flow().dump(); }

} // namespace troupe::workflow
