#include "gateway/api/routes.hpp"

namespace troupe::gateway {

std::vector<route_parameter> joined(std::vector<route_parameter> first, std::vector<route_parameter> second) {
  first.insert(first.end(), std::make_move_iterator(second.begin()), std::make_move_iterator(second.end()));
  return first;
}

std::vector<route_parameter> agent_parameters(std::vector<route_parameter> more) {
  return joined({{"kind", parameter_place::path, "the agent's kind"},
                 {"key", parameter_place::path, "the agent's key, percent-encoded (a slash is %2F)"}},
                std::move(more));
}

std::vector<route_parameter> page_parameters() {
  return {{"limit", parameter_place::query, "how many items at most",
           R"({"type":"integer","minimum":1,"maximum":1000,"default":100})"},
          {"cursor", parameter_place::query, "next_cursor of the page before"}};
}

route_table make_routes(const route_context& context) {
  route_table table;
  add_schemas(table);
  add_message_routes(table, context);
  add_agent_routes(table, context);
  add_agent_verbs(table, context);
  add_dead_letter_routes(table, context);
  if (context.workflows) {
    add_workflow_routes(table, context);
    add_run_routes(table, context);
    add_run_events(table, context);
    add_approval_routes(table, context);
    add_schedule_routes(table, context);
    if (context.links)
      add_link_routes(table, context);
  }
  if (context.clock && context.draw_id)
    add_openai_routes(table, context);
  add_node_routes(table, context);
  add_operations_routes(table, context);
  add_description_routes(table);
  return table;
}

} // namespace troupe::gateway
