#include "workflows/run/trigger_scope.hpp"

#include "workflows/run/scope.hpp"
#include "workflows/run/wire.hpp"

namespace troupe::workflow {

result<value> evaluate_trigger(const formula& f, const kept_plan& of, const value& event, instant now) {
  run_record before; // there is no run yet
  before.workflow = of.made->name;
  before.definition = of.made;
  before.env = of.env;
  before.event = event;
  before.input = value::object({});
  before.now = before.started = now;
  static const step nowhere;
  instance at;
  at.what = &nowhere;
  auto made = f.evaluate(run_scope(before, at));
  if (made)
    *made = plain(std::move(*made));
  return made;
}

} // namespace troupe::workflow
