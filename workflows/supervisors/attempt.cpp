#include "workflows/run/supervisor.hpp"
#include "workflows/supervisors/verbs.hpp"

namespace troupe::workflow {
namespace {

const catch_clause* clause_for(const attempt_body& body, const failure& why) {
  for (const auto& clause : body.handlers)
    if (names_kind(clause.on, why.kind))
      return &clause;
  return nullptr;
}

/// `try`: its steps; the first `catch` that names a failure; `finally` whatever happened, cancellation
/// included.
class attempt final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    const auto& body = std::get<attempt_body>(self.what->body);
    run.begin(self, *body.body, body.body->segment);
  }

  void child_finished(instance& self, instance& child, engine& run) const override {
    if (child.what == std::get<attempt_body>(self.what->body).finally)
      return run.end(self, std::move(self.planned));
    conclude(self, ending::completed(child.result), run);
  }

  void child_failed(instance& self, instance& child, engine& run) const override {
    const auto& body = std::get<attempt_body>(self.what->body);
    const auto* clause = child.what == body.body ? clause_for(body, child.error) : nullptr;
    if (child.what == body.finally || !clause)
      return child.what == body.finally ? run.fail(self, child.error)
                                        : conclude(self, ending::failed(child.error), run);
    auto& handler = run.begin(self, *clause->body, clause->body->segment);
    const auto name = clause->as.empty() ? std::string("error") : clause->as;
    handler.local = value::object({{"names", value::object({{name, to_value(child.error)}})}});
  }

  bool may_end(instance& self, engine& run) const override {
    const auto* finally = std::get<attempt_body>(self.what->body).finally;
    if (!finally || begun(self, *finally))
      return true;
    run.begin(self, *finally, finally->segment);
    return false;
  }

  bool handles(const instance& self, const instance& child, const failure& why) const override {
    const auto& body = std::get<attempt_body>(self.what->body);
    return child.what == body.body && clause_for(body, why);
  }

private:
  static bool begun(const instance& self, const step& what) {
    for (const auto& child : self.children)
      if (child->what == &what)
        return true;
    return false;
  }

  static void conclude(instance& self, ending how, engine& run) {
    const auto* finally = std::get<attempt_body>(self.what->body).finally;
    if (!finally)
      return run.end(self, std::move(how));
    self.planned = std::move(how);
    run.begin(self, *finally, finally->segment);
  }
};

} // namespace

const supervisor& attempt_supervisor() {
  static const attempt one;
  return one;
}

} // namespace troupe::workflow
