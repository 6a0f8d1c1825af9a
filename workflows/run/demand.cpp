// What a step wants from its expressions: a value of the right kind, or the step gives up with a reason.
#include "config/expression/moment.hpp"
#include "workflows/run/engine.hpp"
#include "workflows/run/scope.hpp"

namespace troupe::workflow {

using expression::value_kind;

result<value> engine::evaluate(const formula& f, const instance& where) const {
  if (const auto* constant = f.constant())
    return *constant;
  return f.evaluate(run_scope(run_, where));
}

std::optional<value> engine::demand(const formula& f, instance& self) {
  auto found = evaluate(f, self);
  if (found)
    return std::move(*found);
  give_up(self, {"invalid", found.error().message, {}});
  return std::nullopt;
}

std::optional<std::string> engine::demand_text(const formula& f, instance& self) {
  auto found = demand(f, self);
  if (!found)
    return std::nullopt;
  if (found->is(value_kind::text))
    return found->as_text();
  give_up(self,
          {"invalid", "a text is wanted where the step has " + std::string(to_string(found->kind())), {}});
  return std::nullopt;
}

std::optional<std::string> engine::demand_key(const formula& f, instance& self) {
  auto found = demand(f, self);
  if (!found)
    return std::nullopt;
  if (found->is(value_kind::integer))
    return std::to_string(found->as_int());
  if (found->is(value_kind::boolean))
    return std::string(found->as_bool() ? "true" : "false");
  if (found->is(value_kind::text) && !found->as_text().empty())
    return found->as_text();
  give_up(self,
          {"invalid", "a key is a text or a whole number, not " + std::string(to_string(found->kind())), {}});
  return std::nullopt;
}

std::optional<milliseconds> engine::demand_span(const formula& f, instance& self) {
  auto found = demand(f, self);
  if (!found)
    return std::nullopt;
  std::optional<expression::duration> span;
  if (found->is(value_kind::duration))
    span = found->as_duration();
  else if (found->is(value_kind::text))
    span = expression::parse_duration(found->as_text());
  if (span && span->nanos >= 0)
    return milliseconds((span->nanos + 999'999) / 1'000'000);
  give_up(self, {"invalid", "a span of time such as 90s or 2h is wanted", {}});
  return std::nullopt;
}

} // namespace troupe::workflow
