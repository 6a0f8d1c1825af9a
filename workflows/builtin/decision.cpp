#include "workflows/builtin/decision.hpp"

#include "config/expression/template_text.hpp"
#include "workflows/builtin/answer.hpp"

#include <cmath>
#include <optional>

namespace troupe::workflow {
namespace {

using expression::value;
using expression::value_kind;

enum class firing { yes, no, unknown };

tl::unexpected<error> at_rule(std::size_t index, const std::string& problem, std::string hint = {}) {
  return troupe::fail(fault::invalid, "rule " + std::to_string(index + 1) + ": " + problem, std::move(hint));
}

bool is_absence(expression::code what) {
  return what == expression::code::no_field || what == expression::code::no_key ||
         what == expression::code::no_index;
}

std::optional<firing> firing_of(const value& v) {
  if (v.is(value_kind::boolean))
    return v.as_bool() ? firing::yes : firing::no;
  if (v.is_null())
    return firing::unknown;
  return std::nullopt;
}

result<firing> fires(const decision_rule& rule, std::size_t index, const expression::scope& names) {
  if (rule.when.absent())
    return firing::yes;
  value found;
  if (const auto* constant = rule.when.constant()) {
    found = *constant;
  } else {
    std::optional<expression::problem> wrong;
    rule.when.each_text([&](const expression::template_text& text) {
      if (auto made = text.evaluate(names))
        found = std::move(*made);
      else
        wrong = std::move(made.error());
    });
    if (wrong && is_absence(wrong->what))
      return firing::unknown;
    if (wrong)
      return at_rule(index, wrong->message, wrong->hint);
  }
  if (const auto decided = firing_of(found))
    return *decided;
  return at_rule(index, "when is true or false, not " + std::string(to_string(found.kind())));
}

result<value> reason_of(const decision_rule& rule, std::size_t index, const expression::scope& names) {
  if (rule.reason.absent())
    return value::text("rule " + std::to_string(index + 1));
  auto reason = rule.reason.evaluate(names);
  if (!reason)
    return at_rule(index, "its reason: " + reason.error().message, reason.error().hint);
  if (!reason->is(value_kind::text))
    return at_rule(index, "its reason is text, not " + std::string(to_string(reason->kind())));
  return reason;
}

/// A whole number stays one: a score of 70 is compared with 70 and written as 70.
value number(double d) {
  constexpr double exact = 9'007'199'254'740'992.0; // 2^53
  if (std::abs(d) <= exact && d == std::trunc(d))
    return value::of(static_cast<std::int64_t>(d));
  return value::of(d);
}

/// Three digits say all that a table can know.
value share(double part) { return value::of(std::round(part * 1000) / 1000); }

result<value> judge_sum(const decision_table& table, const expression::scope& names) {
  double score = 0;
  double pulled = 0; // by the rules that fired, whichever way
  double weight = 0;
  double known = 0;
  std::vector<value> reasons;
  for (std::size_t i = 0; i < table.rules.size(); ++i) {
    const auto& rule = table.rules[i];
    const auto fired = fires(rule, i, names);
    if (!fired)
      return tl::unexpected(fired.error());
    weight += std::abs(rule.add);
    known += *fired == firing::unknown ? 0 : std::abs(rule.add);
    if (*fired != firing::yes)
      continue;
    auto reason = reason_of(rule, i, names);
    if (!reason)
      return reason;
    reasons.push_back(std::move(*reason));
    score += rule.add;
    pulled += std::abs(rule.add);
  }
  const double answered = weight > 0 ? known / weight : 1;
  const double agreed = pulled > 0 ? std::abs(score) / pulled : 1;
  return value::object({{"score", number(score)},
                        {"reasons", value::list(std::move(reasons))},
                        {"confidence", share(answered * agreed)}});
}

value chosen(value choice, std::vector<value> reasons, double confidence) {
  return value::object({{"choice", std::move(choice)},
                        {"reasons", value::list(std::move(reasons))},
                        {"confidence", share(confidence)}});
}

result<value> judge_first(const decision_table& table, const expression::scope& names) {
  double unknown = 0;
  for (std::size_t i = 0; i < table.rules.size(); ++i) {
    const auto& rule = table.rules[i];
    const auto fired = fires(rule, i, names);
    if (!fired)
      return tl::unexpected(fired.error());
    unknown += *fired == firing::unknown ? 1 : 0;
    if (*fired != firing::yes)
      continue;
    auto reason = reason_of(rule, i, names);
    if (!reason)
      return reason;
    auto choice = rule.choose.evaluate(names);
    if (!choice)
      return at_rule(i, "what it chooses: " + choice.error().message, choice.error().hint);
    return chosen(std::move(*choice), {std::move(*reason)}, 1 - unknown / static_cast<double>(i + 1));
  }
  return chosen(value(), {}, 0);
}

} // namespace

result<value> judge(const decision_table& table, const expression::scope& names) {
  return table.first ? judge_first(table, names) : judge_sum(table, names);
}

namespace {

/// The facts under their own name, and as `input`: a table moves from an agent file into a step as it stands.
class facts_scope final : public expression::scope {
public:
  explicit facts_scope(const value& facts)
      : facts_(facts) {}
  result<const value*> find(std::string_view root) const override {
    return root == "facts" || root == "input" ? &facts_ : nullptr;
  }

private:
  const value& facts_;
};

} // namespace

outcome evaluate_decision(const value& with) {
  const auto* table = with.find("table");
  const auto* facts = with.find("facts");
  if (!table || !facts)
    return invalid("decision.evaluate takes {table, facts}");
  const auto read = read_decision_table(*table);
  if (!read)
    return invalid(read.error());
  auto said = judge(*read, facts_scope(*facts));
  return said ? answer(*said) : invalid(said.error());
}

} // namespace troupe::workflow
