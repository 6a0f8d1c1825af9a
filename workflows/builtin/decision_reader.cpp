// Decision tables that come as values: from a step's `with`, or from a model.
#include "config/expression/template_text.hpp"
#include "config/limits.hpp"
#include "workflows/builtin/decision.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace troupe::workflow {
namespace {

using expression::template_text;
using expression::value;
using expression::value_kind;

tl::unexpected<error> refuse(std::string message, std::string hint = {}) {
  return troupe::fail(fault::invalid, std::move(message), std::move(hint));
}

result<formula> text_formula(const std::string& text) {
  auto parsed = template_text::parse(text);
  if (!parsed)
    return refuse(parsed.error().message, parsed.error().hint);
  return formula::text(std::move(*parsed));
}

/// `facts.size > 3` and `${{ facts.size > 3 }}` are the same: a step's `with` would work out the second form
/// before any fact is known here.
result<formula> condition(const value& from) {
  if (from.is(value_kind::boolean) || from.is_null())
    return formula::literal(from);
  if (!from.is(value_kind::text))
    return refuse("when is an expression as text, or true or false, not " +
                  std::string(to_string(from.kind())));
  const auto& text = from.as_text();
  return text_formula(text.find("${{") == std::string::npos ? "${{ " + text + " }}" : text);
}

result<formula> any_formula(const value& from) {
  return from.is(value_kind::text) ? text_formula(from.as_text()) : result<formula>(formula::literal(from));
}

result<double> points(const value& from) {
  if (from.is(value_kind::integer))
    return static_cast<double>(from.as_int());
  if (from.is(value_kind::real) && std::isfinite(from.as_double()))
    return from.as_double();
  return refuse("add is a number, not " + std::string(to_string(from.kind())));
}

/// A misspelled key would otherwise be a rule that always fires or adds nothing.
result<void> check_keys(const value& rule, bool first) {
  constexpr std::array known{"when", "add", "choose", "reason"};
  for (const auto& [key, item] : rule.entries())
    if (!key.is(value_kind::text) || std::find(known.begin(), known.end(), key.as_text()) == known.end())
      return refuse("a rule has when, add or choose, and reason, nothing else");
  const auto* wanted = first ? "choose" : "add";
  if (!rule.find(wanted) || rule.find(first ? "add" : "choose"))
    return refuse(std::string("in mode ") + (first ? "first" : "sum") + " a rule has \"" + wanted + "\"");
  return {};
}

result<decision_rule> read_rule(const value& from, bool first) {
  if (!from.is(value_kind::map))
    return refuse("a rule is a map, not " + std::string(to_string(from.kind())));
  if (auto fine = check_keys(from, first); !fine)
    return tl::unexpected(fine.error());
  decision_rule made;
  if (const auto* when = from.find("when")) {
    auto read = condition(*when);
    if (!read)
      return tl::unexpected(read.error());
    made.when = std::move(*read);
  }
  if (const auto* reason = from.find("reason")) {
    auto read = any_formula(*reason);
    if (!read)
      return tl::unexpected(read.error());
    made.reason = std::move(*read);
  }
  if (first) {
    auto read = any_formula(*from.find("choose"));
    if (!read)
      return tl::unexpected(read.error());
    made.choose = std::move(*read);
    return made;
  }
  const auto add = points(*from.find("add"));
  if (!add)
    return tl::unexpected(add.error());
  made.add = *add;
  return made;
}

result<bool> read_mode(const value& table) {
  const auto* mode = table.find("mode");
  if (!mode)
    return false;
  if (mode->is(value_kind::text) && (mode->as_text() == "sum" || mode->as_text() == "first"))
    return mode->as_text() == "first";
  return refuse("a table's mode is sum or first");
}

} // namespace

result<decision_table> read_decision_table(const value& from) {
  if (!from.is(value_kind::map))
    return refuse("a table is a map with rules, not " + std::string(to_string(from.kind())));
  const auto first = read_mode(from);
  if (!first)
    return tl::unexpected(first.error());
  const auto* rules = from.find("rules");
  if (!rules || !rules->is(value_kind::list) || rules->items().empty())
    return refuse("a table has a list of rules, at least one");
  if (rules->items().size() > limits::decision_rules_max)
    return refuse("a table has at most " + std::to_string(limits::decision_rules_max) + " rules");
  decision_table made;
  made.first = *first;
  for (std::size_t i = 0; i < rules->items().size(); ++i) {
    auto rule = read_rule(rules->items()[i], *first);
    if (!rule)
      return refuse("rule " + std::to_string(i + 1) + ": " + rule.error().message, rule.error().hint);
    made.rules.push_back(std::move(*rule));
  }
  return made;
}

} // namespace troupe::workflow
