#include "workflows/language/codes/codes.hpp"
#include "workflows/language/explain/pages.hpp"

#include <array>

namespace troupe::workflow {
namespace {

constexpr std::array pages{
    code_page{codes::unknown_in_test, "the test speaks of what the workflow does not have",
              "Mocks and calls name a step that asks somebody, its path, or `agent.action`; approvals and "
              "signals name what waits for them. A name that nothing has would never play a part.",
              R"(test: greet
tests:
  - name: it greets
    mocks: { sned: { returns: { id: m1 } } }
    expect: { state: completed }
# file: greet.yaml
workflow: greet
steps:
  - { id: send, agent: mail, action: send, with: { to: a@b.c } }
)"},
    code_page{codes::test_twice, "two tests of one name", "`same_as` and reports know a test by its name.",
              R"(test: pause
tests:
  - { name: it ends, expect: { state: completed } }
  - { name: it ends, expect: { virtual_time: { at_least: 1s } } }
# file: pause.yaml
workflow: pause
steps: [ { wait: 1s } ]
)"},
    code_page{codes::unknown_test, "`same_as` names no other test",
              "The test that is compared with stands in the same file.",
              R"(test: pause
tests:
  - { name: it ends, expect: { state: completed } }
  - { name: it survives, crash: { at: every_record }, expect: { same_as: it end } }
# file: pause.yaml
workflow: pause
steps: [ { wait: 1s } ]
)"},
    code_page{
        codes::test_input, "the test's input does not fit",
        "The workflow refuses this input before its first step. A test of that refusal expects the state "
        "`rejected`.",
        R"(test: pause
tests:
  - { name: it ends, input: { minutes: two }, expect: { state: completed } }
# file: pause.yaml
workflow: pause
input: { properties: { minutes: { type: integer } } }
steps: [ { wait: 1s } ]
)"},
    code_page{
        codes::mock_misfit, "the mock answers what the real one would not",
        "The action says what its answers look like, and this one does not. It is a warning: a test may "
        "be about just that.",
        R"(test: greet
tests:
  - name: it greets
    mocks: { mail.send: { returns: { number: 1 } } }
    expect: { state: completed }
# file: greet.yaml
workflow: greet
steps:
  - { id: send, agent: mail, action: send, with: { to: a@b.c } }
)"},
};

} // namespace

std::span<const code_page> pages_about_tests() { return pages; }

} // namespace troupe::workflow
