#include "gateway/openai/held_reply.hpp"

#include <algorithm>

namespace troupe::gateway::openai {

namespace {

// Of one reply, in models that write lists of them: a small one would not come to an end by itself.
constexpr std::size_t calls_max = 16;

using kind = reply_form::kind;

bool has_strict_tool(const chat_body& asked) {
  return asked.has_tools && std::ranges::any_of(asked.tools, &models::tool_shape::strict);
}

reply_form forced(const models::native_model& model, chat_body& asked, std::size_t calls_most) {
  auto call = models::force_call(model.tools(), asked.tools, asked.forced_tool, calls_most);
  asked.talk.begin = std::move(call.begin);
  asked.end = std::move(call.end);
  return {kind::call, std::move(call.schema)};
}

result<std::unique_ptr<kernels::token_constraint>> constraint_of(models::native_service& service,
                                                                 const reply_form& form) {
  if (form.what == kind::json)
    return service.forms().json_text(form.schema);
  auto calls = service.forms().json_text(form.schema, models::json_blanks::one);
  if (!calls || form.what == kind::call)
    return calls;
  return service.calls().hold(std::move(*calls));
}

} // namespace

checked<reply_form> form_of(const models::native_model& model, chat_body& asked) {
  const auto calls_most = asked.one_call ? 1 : calls_max;
  const bool taught = model.tools() != models::tool_style::none;
  if (asked.forces_tool && !taught)
    return tl::unexpected(bad_request("this model was not taught to call tools", {}, "tool_choice"));
  if (asked.forces_tool)
    return forced(model, asked, calls_most);
  if (!asked.format.empty() && asked.has_tools && taught)
    return tl::unexpected(bad_request(
        "'response_format' holds the whole reply to its schema, so that none of 'tools' could be called",
        "set 'tool_choice' to \"none\" for this reply, or leave 'response_format' out", "response_format"));
  if (!asked.format.empty())
    return reply_form{kind::json, asked.format};
  if (has_strict_tool(asked) && taught)
    return reply_form{kind::text_calls, models::calls_schema(model.tools(), asked.tools, calls_most)};
  return reply_form{};
}

std::optional<api_error> hold(models::native_service& service, const reply_form& form,
                              std::vector<kernels::text_request>& requests) {
  if (form.what == kind::free)
    return std::nullopt;
  for (auto& one : requests) {
    auto made = constraint_of(service, form);
    if (!made)
      return bad_request("the schema is refused: " + made.error().message, made.error().hint,
                         form.what == kind::json ? "response_format" : "tools");
    one.constraint = std::move(*made);
  }
  return std::nullopt;
}

} // namespace troupe::gateway::openai
