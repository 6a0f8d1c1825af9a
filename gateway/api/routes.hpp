#pragma once

#include "actors/models/native/services.hpp"
#include "gateway/api/approval_link.hpp"
#include "gateway/http/limits.hpp"
#include "gateway/http/route_table.hpp"
#include "gateway/metrics/registry.hpp"
#include "runtime/base/json_fwd.hpp"
#include "runtime/door/node_api.hpp"
#include "workflows/run/deployed.hpp"

#include <functional>
#include <memory>

namespace troupe::gateway {

/// Reads the files of workflows and agents again, elsewhere; answers what changed.
using reload_files = std::function<void(std::function<void(result<json>)> done)>;

/// What the routes stand on. The node and the limits outlive the table; answers may come later than that.
struct route_context {
  node_api& node;
  const http_limits& limits;
  std::shared_ptr<metric_registry> metrics;
  std::function<std::size_t()> connections;                         // open now
  std::shared_ptr<const workflow::deployed_catalog> workflows = {}; // null: the node runs none
  std::shared_ptr<const models::native_services> models = {};       // null: none of its own
  std::shared_ptr<clock_source> clock = {};                         // with `models` and `links`
  std::function<std::string()> draw_id = {};                        // with `models`
  std::shared_ptr<const link_signer> links = {};                    // null: nobody decides by a link
  reload_files reload = {};                                         // null: files stay as they were read
};

/// Every route this node serves, with its documentation.
route_table make_routes(const route_context& context);

void add_schemas(route_table& table);
void add_message_routes(route_table& table, const route_context& context);
void add_agent_routes(route_table& table, const route_context& context);
void add_agent_verbs(route_table& table, const route_context& context);
void add_dead_letter_routes(route_table& table, const route_context& context);
void add_workflow_routes(route_table& table, const route_context& context);
void add_run_routes(route_table& table, const route_context& context);
void add_run_events(route_table& table, const route_context& context);
void add_approval_routes(route_table& table, const route_context& context);
void add_link_routes(route_table& table, const route_context& context);
void add_schedule_routes(route_table& table, const route_context& context);
void add_node_routes(route_table& table, const route_context& context);
void add_operations_routes(route_table& table, const route_context& context);
/// As OpenAI has them: chat, completions, embeddings, models.
void add_openai_routes(route_table& table, const route_context& context);
/// Last: describes all rows added before, and itself.
void add_description_routes(route_table& table);

/// Parameters that several routes share.
std::vector<route_parameter> agent_parameters(std::vector<route_parameter> more = {});
std::vector<route_parameter> page_parameters();
std::vector<route_parameter> joined(std::vector<route_parameter> first, std::vector<route_parameter> second);

} // namespace troupe::gateway
