#pragma once

#include "gateway/http/message.hpp"
#include "runtime/base/json_fwd.hpp"
#include "runtime/door/node_api.hpp"

#include <string>
#include <vector>

namespace troupe::gateway {

/// The JSON of the views, as /openapi.json describes it. Times are RFC 3339; `never` is null.
json to_json(const agent_view& agent);
json to_json(const mail_view& mail);
json to_json(const journal::stored_event& event);
json to_json(const node_view& node);
json to_json(const move_report& move);
json to_json(const node_order_report& report);
/// `whole`: with the message's body.
json to_json(const journal::stored_dead_letter& letter, bool whole);

json time_json(instant t);
/// JSON text as its value; text that is none (only ever from a damaged store) as a string.
json text_json(const std::string& text);

http_response ok(const json& body);
http_response accepted(const json& body);

} // namespace troupe::gateway
