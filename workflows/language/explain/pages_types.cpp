#include "workflows/language/codes/codes.hpp"
#include "workflows/language/explain/pages.hpp"

#include <array>

namespace troupe::workflow {
namespace {

constexpr std::array pages{
    code_page{codes::type_mismatch, "types that do not go together",
              "An operator or a function gets values that it does not take. Types come from the schemas of "
              "the input, of agents'\n"
              "actions and of steps' outputs; what no schema describes is only known when it runs.",
              R"(workflow: mail
input: { properties: { seats: { type: integer } }, required: [seats] }
steps:
  - { if: "${{ input.seats > '50' }}", wait: 1s }
)"},
    code_page{codes::unknown_function, "no such function",
              "An expression calls a function that the language does not have.",
              R"(workflow: mail
steps:
  - { set: { n: "${{ length(input.all) }}" } }
output: ${{ vars.n }}
)"},
    code_page{codes::no_such_field, "no such field",
              "An expression reads a field that the schema of the step, the input or the action does not "
              "name. If it may be there\n"
              "all the same, the schema says so with `additionalProperties`, or the expression with `??`.",
              R"(workflow: refund
input: { properties: { order: { type: string } }, required: [order] }
steps:
  - id: check
    agent: shop.prices
    action: quote
    with: { order: "${{ input.order }}" }
    output: { schema: { properties: { quote: { type: number }, currency: { type: string } }, required: [quote, currency] } }
  - id: pay
    agent: shop.bank
    action: pay
    with:
        total: ${{ steps.check.total }}
)"},
    code_page{codes::not_a_condition, "not a condition",
              "`if`, `when`, `while` and `until` need true or false; nothing else counts as either.",
              R"(workflow: mail
input: { properties: { seats: { type: integer } }, required: [seats] }
steps:
  - { if: "${{ input.seats }}", wait: 1s }
)"},
    code_page{codes::argument_type, "an argument of the wrong type",
              "What `with` gives does not fit the input that the action or workflow asks for.",
              R"(workflow: mail
steps:
  - { agent: http, action: get, with: { url: 7 } }
)"},
    code_page{codes::argument_missing, "an argument is missing",
              "The action or workflow needs something that `with` does not give.",
              R"(workflow: mail
steps:
  - { agent: http, action: get, with: { headers: {} } }
)"},
    code_page{codes::argument_unknown, "an argument that is not taken", "The action takes no such argument.",
              R"(workflow: mail
steps:
  - { agent: http, action: get, with: { url: "http://localhost/", header: {} } }
)"},
    code_page{codes::outside_subset, "CEL, but not in the subset",
              "The expression is valid CEL and uses a part of it that Troupe leaves out.",
              R"(workflow: mail
steps:
  - { set: { x: "${{ google.protobuf.Empty{} }}" } }
output: ${{ vars.x }}
)"},
    code_page{codes::wrong_result, "the result is of the wrong type",
              "A value must be a list, a number or text, and the expression gives something else.",
              R"(workflow: mail
input: { properties: { lead: { type: string } }, required: [lead] }
steps:
  - map:
      over: ${{ input.lead }}
      steps: [ { wait: 1s } ]
)"},
};

} // namespace

std::span<const code_page> pages_about_types() { return pages; }

} // namespace troupe::workflow
