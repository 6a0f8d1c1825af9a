// Any bytes as an expression: a problem whose place lies within the text, or an expression that evaluates to
// the same value or problem each time, within its limits, and whose static type holds for its value.
#include "config/expression/expression.hpp"
#include "config/expression/value_json.hpp"

#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace {

using namespace troupe::expression;

void require(bool holds) {
  if (!holds)
    std::abort();
}

class few_variables : public scope {
public:
  troupe::result<const value*> find(std::string_view root) const override {
    if (root == "steps")
      return &steps_;
    if (root == "secrets")
      return troupe::fail(troupe::fault::refused, "denied");
    return root == "x" ? &number_ : nullptr;
  }

private:
  value steps_ = from_json(nlohmann::json::parse(
                               R"({"a": {"score": 88, "why": ["fits", null], "cost": 1.5}, "b": null})"))
                     .value();
  value number_ = value::of(std::int64_t{7});
};

class their_types : public type_scope {
public:
  explicit their_types(const few_variables& names)
      : steps_(type_of(*names.find("steps").value())) {}
  const type* find(std::string_view root) const override {
    return root == "steps" ? &steps_ : root == "x" ? &number_ : nullptr;
  }
  std::vector<std::string_view> names() const override { return {"steps", "x"}; }
  bool is_open() const override { return true; }

private:
  type steps_;
  type number_ = type_kind::integer;
};

void check(const problem& found, std::size_t size) {
  require(found.at.begin <= found.at.end && found.at.end <= size);
  require(!found.message.empty());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto read = expression::parse({reinterpret_cast<const char*>(bytes), size});
  if (!read) {
    check(read.error(), size);
    return 0;
  }
  const few_variables names;
  evaluation with;
  with.limits.steps = 10'000;
  with.limits.weight = 100'000;
  const auto checked = read->check(their_types(names));
  for (const problem& found : checked.problems)
    check(found, size);
  for (const reference& found : read->references())
    require(found.at.end <= size && found.parts.size() == found.path.size() + 1 &&
            found.needed <= found.path.size());
  const auto made = read->evaluate(names, with);
  const auto again = read->evaluate(names, with);
  require(made.has_value() == again.has_value());
  if (!made) {
    check(made.error(), size);
    require(made.error().what == again.error().what && made.error().at == again.error().at);
    return 0;
  }
  require(made->weight() <= with.limits.weight && hash(*made) == hash(*again));
  require(!checked.ok() || fits(type_of(*made), checked.result) || made->is_null());
  const auto json = to_json(*made);
  if (json)
    (void)from_json(*json).value(); // what is written can be read
  return 0;
}
