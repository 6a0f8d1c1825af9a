#include "workflows/run/computing.hpp"

#include "workflows/builtin/builtin.hpp"
#include "workflows/run/scope.hpp"
#include "workflows/run/supervisor.hpp"

namespace troupe::workflow {
namespace {

bool is_pure(const run_record& run, const instance& i) {
  const auto& body = std::get<call_body>(i.what->body);
  const auto kind = body.agent.evaluate(run_scope(run, i));
  const bool named = kind && kind->is(expression::value_kind::text);
  const auto* builtin = named ? find_builtin(kind->as_text(), body.action) : nullptr;
  return builtin && builtin->compute;
}

} // namespace

outcome compute_step(run_record& run, const std::string& command) {
  const auto hash = command.rfind('#');
  auto* self = run.root ? find_instance(*run.root, std::string_view(command).substr(0, hash)) : nullptr;
  if (!self)
    return outcome::failure("invalid", "nothing is computed under " + command);
  std::vector<fold_command> none;
  const engine on(run, none);
  return supervisor_of(*self).compute(*self, on);
}

std::vector<std::string> open_computations(const run_record& run) {
  std::vector<std::string> open;
  if (!run.root)
    return open;
  each_instance(static_cast<const instance&>(*run.root), [&](const instance& i) {
    if (i.what->what != verb::agent || i.waits.empty() || !is_pure(run, i))
      return;
    for (const auto& name : i.waits)
      if (name.starts_with("call"))
        open.push_back(i.path + '#' + name);
  });
  return open;
}

} // namespace troupe::workflow
