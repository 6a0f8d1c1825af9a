#include "config/expression/moment.hpp"
#include "workflows/run/supervisor.hpp"
#include "workflows/supervisors/verbs.hpp"

namespace troupe::workflow {
namespace {

using expression::value_kind;

std::optional<instant> instant_of(const value& v) {
  std::optional<expression::timestamp> at;
  if (v.is(value_kind::timestamp))
    at = v.as_timestamp();
  else if (v.is(value_kind::text))
    at = expression::parse_timestamp(v.as_text());
  if (!at)
    return std::nullopt;
  return from_ms(at->seconds * 1000 + (at->nanos + 999'999) / 1'000'000);
}

/// Goes on after a while, or at a time.
class wait final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    const auto& body = std::get<wait_body>(self.what->body);
    if (body.until.absent()) {
      if (const auto span = run.demand_span(body.span, self))
        run.timer(self, "wake", run.now() + *span);
      return;
    }
    const auto given = run.demand(body.until, self);
    if (!given)
      return;
    if (const auto at = instant_of(*given))
      run.timer(self, "wake", *at);
    else
      run.give_up(self, {"invalid", "`until` is not a time such as 2026-11-20T09:00:00Z", {}});
  }

  void due(instance& self, std::string_view, engine& run) const override { run.finish(self, {}); }
};

} // namespace

const supervisor& wait_supervisor() {
  static const wait one;
  return one;
}

} // namespace troupe::workflow
