#include "gateway/api/steering_routes.hpp"

#include "gateway/api/messages.hpp"
#include "gateway/api/render.hpp"

#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

void steer(const http_request& request, const http_limits& limits, const std::string& verb,
           read_steering read, const carry_steering& carry, responder done) {
  auto body = read(request, limits, verb);
  if (!body)
    return done(error_response(body.error()));
  auto key = read_idempotency_key(request);
  if (!key)
    return done(error_response(key.error()));
  carry(request, {verb, std::move(*body), request.correlation, std::move(*key)},
        [done = std::move(done)](result<json> answered) {
          done(answered ? accepted(*answered) : error_response(answered.error()));
        });
}

} // namespace

void add_steering_routes(route_table& table, const route_context& context, const steering_target& target,
                         std::span<const steering_verb> verbs, read_steering read,
                         const carry_steering& carry) {
  for (const auto& row : verbs)
    table.add({http_method::post, target.path + '/' + row.verb, std::string(row.verb) + '_' + target.noun,
               target.noun + 's', row.summary,
               joined(target.parameters, {{"Idempotency-Key", parameter_place::header,
                                           "the same key and body again is taken once"}}),
               row.schema, target.responses,
               [&limits = context.limits, verb = std::string(row.verb), read,
                carry](const http_request& request, responder done) {
                 steer(request, limits, verb, read, carry, std::move(done));
               }});
}

} // namespace troupe::gateway
