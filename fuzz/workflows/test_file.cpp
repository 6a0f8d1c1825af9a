// Any bytes as a file of tests of one workflow: findings whose places lie in it, or tests that run to their
// end, with crashes and without, and are reported.
#include "workflows/language/deploy/deployment.hpp"
#include "workflows/testing/report.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace troupe;

constexpr auto flow = R"(workflow: w
input: { properties: { n: { type: integer } } }
vars: { status: new }
output: { status: "${{ vars.status }}" }
steps:
  - { id: send, agent: mail, action: send, with: { to: a@b.c }, timeout: 30s, retry: { attempts: 3, initial: 1s } }
  - { id: ok, approval: { title: "Go?", by: { role: lead, not: "${{ run.started_by }}" }, edit: { value: draft }, deadline: 5d, default: reject } }
  - id: route
    choice:
      - when: ${{ steps.ok.decision == "approved" }}
        steps:
          - { id: paid, receive: { signal: payment, timeout: 1d, default: { sum: 0 } } }
          - set: { status: "${{ string(steps.paid.sum ?? 0) }}" }
      - else:
          - set: { status: rejected }
)";

void require(bool holds) {
  if (!holds)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::vector<config::source> files;
  files.emplace_back("flow.yaml", flow);
  files.emplace_back("flow.test.yaml", std::string(reinterpret_cast<const char*>(bytes), size));
  workflow::catalogue known;
  known.tested_complete = true;
  const auto around = workflow::check_deployment(std::move(files), known);
  for (const auto& d : around.found.items())
    require(!d.where || (d.where->begin.offset <= d.where->end.offset && d.where->end.offset <= size));
  if (!around.sound())
    return 0;
  for (const auto& tests : around.tests) {
    if (tests->workflow != "w" || tests->cases.size() > 8)
      continue;
    const std::vector<workflow::suite_result> all = {workflow::run_tests(*tests, around)};
    require(all[0].cases.size() == tests->cases.size());
    require(!workflow::render_json(all).empty() && !workflow::render_junit(all).empty());
  }
  return 0;
}
