#include "config/settings/units.hpp"
#include "workflows/language/read/plan_reader.hpp"

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;

effect_class effect_named(std::string_view word) {
  if (word == "pure")
    return effect_class::pure;
  if (word == "idempotent")
    return effect_class::idempotent;
  return word == "once" ? effect_class::once : effect_class::at_least_once;
}

} // namespace

void plan_reader::read_attributes(step& into, const node& at) {
  into.name = text_at(at, "name", to_);
  into.phase = formula_at(into, at, "phase", wanted::text);
  into.condition = formula_at(into, at, "if", wanted::boolean);
  into.with = formula_at(into, at, "with");
  into.idempotency_key = formula_at(into, at, "idempotency_key", wanted::text);
  into.if_missing = formula_at(into, at, "if_missing");
  if (into.what == verb::agent) {
    into.timeout = defaults_.timeout;
    into.retry = defaults_.retry.value_or(retry_policy{});
  }
  if (const auto timeout = find(at, "timeout"))
    into.timeout = duration_at(at, "timeout", to_);
  into.deadline = duration_at(at, "deadline", to_);
  if (const auto retry = find(at, "retry"))
    read_retry(*retry, into.retry, to_);
  if (const auto limit = find(at, "budget"))
    into.limit = read_budget(*limit, to_);
  into.effect = effect_named(text_at(at, "effect", to_));
  into.stream = flag_at(at, "stream", to_);
  if (const auto since = find(at, "since"); since && since->is(node_kind::integer))
    into.since = std::to_string(since->integer());
  read_output(into, at);
  read_undoing(into, at);
}

void plan_reader::read_output(step& into, const node& at) {
  if (const auto output = find(at, "output")) {
    if (const auto shape = find(*output, "schema"))
      into.output.shape = read_schema(*shape, false);
    if (const auto invalid = find(*output, "on_invalid"))
      into.output.repairs = count_at(*invalid, "repair", 0, to_);
    into.output.store = flag_at(*output, "store", to_);
  }
  if (const auto cache = find(at, "cache")) {
    into.cache.ttl = duration_at(*cache, "ttl", to_);
    into.cache.key = formula_at(into, *cache, "key", wanted::text, moment::before, "cache.key");
  }
  if (const auto rule = find(at, "supervision"))
    into.supervision = read_supervision(*rule, to_);
  if (const auto place = find(at, "place")) {
    into.place.label = formula_at(into, *place, "label", wanted::text, moment::before, "place.label");
    into.place.near = formula_at(into, *place, "near", wanted::text, moment::before, "place.near");
    into.place.node = formula_at(into, *place, "node", wanted::text, moment::before, "place.node");
  }
}

void plan_reader::read_undoing(step& into, const node& at) {
  if (const auto reconcile = find(at, "reconcile"); reconcile && reconcile->is(node_kind::map))
    into.reconcile = read_step(*reconcile, &into, "reconcile");
  if (const auto compensate = find(at, "compensate"))
    into.compensate = read_sequence(*compensate, &into, "compensate");
}

} // namespace troupe::workflow
