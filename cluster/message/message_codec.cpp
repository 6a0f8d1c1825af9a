#include "cluster/message/view_codec.hpp"
#include "cluster/wire/message.pb.h"
#include "runtime/wire/outcome_codec.hpp"

namespace troupe::cluster {
namespace {

using wire::read_enum;

constexpr std::uint32_t faults = static_cast<std::uint32_t>(fault::internal) + 1;

template<class... Cases>
struct overloaded : Cases... {
  using Cases::operator()...;
};
template<class... Cases>
overloaded(Cases...) -> overloaded<Cases...>;

void write(const peer_notice& from, wire::Notice& to) {
  to.set_kind(static_cast<std::uint32_t>(from.kind));
  to.set_agent(from.id.text());
  to.set_create(from.create);
  to.set_hops(from.hops);
  if (from.row) {
    auto& row = *to.mutable_row();
    row.set_sender_birth(from.row->sender_birth);
    row.set_lane(static_cast<std::uint32_t>(from.row->on));
    row.set_number(from.row->number);
    row.set_envelope(from.row->envelope);
  }
  to.set_task(from.task);
  to.set_effect(from.effect);
  if (from.kind == peer_notice::what::settled)
    troupe::wire::write(from.answer, *to.mutable_answer());
}

result<message> read(const wire::Notice& from) {
  auto kind = read_enum<peer_notice::what>(from.kind(), 3);
  auto id = agent_id::parse(from.agent());
  auto on = read_enum<lane>(from.row().lane(), 2);
  if (!kind)
    return tl::unexpected(kind.error());
  if (!id)
    return tl::unexpected(id.error());
  if (!on)
    return tl::unexpected(on.error());
  peer_notice to;
  to.kind = *kind;
  to.id = std::move(*id);
  to.create = from.create();
  to.hops = from.hops();
  if (from.has_row())
    to.row = journal::pending_row{from.row().sender_birth(), *on, from.row().number(), from.row().envelope()};
  to.task = from.task();
  to.effect = from.effect();
  to.answer = troupe::wire::read(from.answer());
  return message(std::move(to));
}

void write(const inject_request& from, wire::Inject& to) {
  to.set_to(from.to.text());
  to.set_creates(from.creates);
  to.set_type(from.type);
  to.set_body(from.body);
  to.set_principal(from.principal);
  to.set_key(from.idempotency_key);
  to.set_trace(from.trace);
  to.set_wait_ms(from.wait.count());
}

result<request_body> read(const wire::Inject& from) {
  auto id = agent_id::parse(from.to());
  if (!id)
    return tl::unexpected(id.error());
  inject_request to;
  to.to = std::move(*id);
  to.creates = from.creates();
  to.type = from.type();
  to.body = from.body();
  to.principal = from.principal();
  to.idempotency_key = from.key();
  to.trace = from.trace();
  to.wait = milliseconds(from.wait_ms());
  return request_body(std::move(to));
}

result<request_body> read(const wire::Order& from) {
  auto id = agent_id::parse(from.agent());
  auto verb = read_enum<agent_order::verb>(from.verb(), 4);
  auto mode = read_enum<restart_mode>(from.mode(), 4);
  if (!id)
    return tl::unexpected(id.error());
  if (!verb)
    return tl::unexpected(verb.error());
  if (!mode)
    return tl::unexpected(mode.error());
  return request_body(agent_order{*verb, std::move(*id), from.reason(), *mode});
}

result<request_body> read(const wire::Look& from) {
  look_at to;
  for (const auto& text : from.agents()) {
    auto id = agent_id::parse(text);
    if (!id)
      return tl::unexpected(id.error());
    to.ids.push_back(std::move(*id));
  }
  return request_body(std::move(to));
}

result<request_body> read(const wire::Migrate& from) {
  auto id = agent_id::parse(from.agent());
  if (!id)
    return tl::unexpected(id.error());
  return request_body(migrate_order{std::move(*id), from.to()});
}

void write(const request& from, wire::Request& to) {
  to.set_number(from.number);
  std::visit(overloaded{
                 [&](const inject_request& r) { write(r, *to.mutable_inject()); },
                 [&](const agent_order& r) {
                   to.mutable_order()->set_verb(static_cast<std::uint32_t>(r.what));
                   to.mutable_order()->set_agent(r.id.text());
                   to.mutable_order()->set_reason(r.reason);
                   to.mutable_order()->set_mode(static_cast<std::uint32_t>(r.mode));
                 },
                 [&](const look_at& r) {
                   auto& look = *to.mutable_look(); // at nobody, too
                   for (const auto& id : r.ids)
                     look.add_agents(id.text());
                 },
                 [&](const migrate_order& r) {
                   to.mutable_migrate()->set_agent(r.id.text());
                   to.mutable_migrate()->set_to(r.to);
                 },
                 [&](const drain_order&) { to.mutable_drain(); },
             },
             from.body);
}

result<request_body> read_body(const wire::Request& from) {
  switch (from.body_case()) {
  case wire::Request::kInject:
    return read(from.inject());
  case wire::Request::kOrder:
    return read(from.order());
  case wire::Request::kLook:
    return read(from.look());
  case wire::Request::kMigrate:
    return read(from.migrate());
  case wire::Request::kDrain:
    return request_body(drain_order{});
  default:
    return fail(fault::corrupt, "a request asks for what this build does not know");
  }
}

void write(const inject_answer& from, wire::Injected& to) {
  to.set_id(from.id);
  to.set_trace(from.trace);
  to.set_repeated(from.repeated);
  if (from.reply)
    troupe::wire::write(*from.reply, *to.mutable_reply());
}

inject_answer read(const wire::Injected& from) {
  inject_answer to;
  to.id = from.id();
  to.trace = from.trace();
  to.repeated = from.repeated();
  if (from.has_reply())
    to.reply = troupe::wire::read(from.reply());
  return to;
}

void write(const response& from, wire::Response& to) {
  to.set_number(from.number);
  std::visit(overloaded{
                 [&](const error& e) {
                   to.mutable_failure()->set_fault(static_cast<std::uint32_t>(e.what));
                   to.mutable_failure()->set_message(e.message);
                   to.mutable_failure()->set_hint(e.hint);
                 },
                 [&](const inject_answer& a) { write(a, *to.mutable_injected()); },
                 [&](const agent_view& a) { wire::write(a, *to.mutable_agent()); },
                 [&](const std::vector<live_view>& a) { wire::write(a, *to.mutable_seen()); },
                 [&](const move_report& a) { wire::write(a, *to.mutable_report()); },
                 [&](const node_order_report& a) { wire::write(a, *to.mutable_drained()); },
             },
             from.body);
}

template<class T>
result<response_body> as_body(result<T> read) {
  if (!read)
    return tl::unexpected(read.error());
  return response_body(std::move(*read));
}

result<response_body> read_body(const wire::Response& from) {
  switch (from.body_case()) {
  case wire::Response::kFailure: {
    auto what = read_enum<fault>(from.failure().fault(), faults);
    return response_body(
        error{what ? *what : fault::internal, from.failure().message(), from.failure().hint()});
  }
  case wire::Response::kInjected:
    return response_body(read(from.injected()));
  case wire::Response::kAgent:
    return as_body(wire::read(from.agent()));
  case wire::Response::kSeen:
    return as_body(wire::read(from.seen()));
  case wire::Response::kReport:
    return response_body(wire::read(from.report()));
  case wire::Response::kDrained:
    return response_body(wire::read(from.drained()));
  default:
    return fail(fault::corrupt, "a response says what this build does not know");
  }
}

result<message> read(const wire::MoveStep& from) {
  auto kind = read_enum<move_step::what>(from.kind(), 6);
  auto id = agent_id::parse(from.agent());
  if (!kind)
    return tl::unexpected(kind.error());
  if (!id)
    return tl::unexpected(id.error());
  return message(move_step{*kind, from.move(), std::move(*id), from.epoch(), from.why()});
}

result<message> read(const wire::Moved& from) {
  auto id = agent_id::parse(from.agent());
  if (!id)
    return tl::unexpected(id.error());
  return message(moved{std::move(*id), from.to()});
}

result<message> read(const wire::Probe& from) {
  auto kind = read_enum<probe_message::what>(from.kind(), 4);
  if (!kind)
    return tl::unexpected(kind.error());
  return message(probe_message{*kind, from.number(), from.about()});
}

} // namespace

std::string encode(const message& m) {
  wire::Message to;
  std::visit(overloaded{
                 [&](const probe_message& p) {
                   to.mutable_probe()->set_kind(static_cast<std::uint32_t>(p.kind));
                   to.mutable_probe()->set_number(p.number);
                   to.mutable_probe()->set_about(p.about);
                 },
                 [&](const peer_notice& n) { write(n, *to.mutable_notice()); },
                 [&](const moved& n) {
                   to.mutable_moved()->set_agent(n.id.text());
                   to.mutable_moved()->set_to(n.to);
                 },
                 [&](const move_step& s) {
                   auto& step = *to.mutable_step();
                   step.set_kind(static_cast<std::uint32_t>(s.kind));
                   step.set_move(s.move);
                   step.set_agent(s.id.text());
                   step.set_epoch(s.epoch);
                   step.set_why(s.why);
                 },
                 [&](const request& r) { write(r, *to.mutable_request()); },
                 [&](const response& r) { write(r, *to.mutable_response()); },
             },
             m);
  return to.SerializeAsString();
}

result<message> decode_message(std::string_view bytes) {
  wire::Message from;
  if (!from.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(fault::corrupt, "a message between nodes cannot be read");
  switch (from.body_case()) {
  case wire::Message::kProbe:
    return read(from.probe());
  case wire::Message::kNotice:
    return read(from.notice());
  case wire::Message::kMoved:
    return read(from.moved());
  case wire::Message::kStep:
    return read(from.step());
  case wire::Message::kRequest: {
    auto body = read_body(from.request());
    if (!body)
      return tl::unexpected(body.error());
    return message(request{from.request().number(), std::move(*body)});
  }
  case wire::Message::kResponse: {
    auto body = read_body(from.response());
    if (!body)
      return tl::unexpected(body.error());
    return message(response{from.response().number(), std::move(*body)});
  }
  default:
    return fail(fault::corrupt, "a message between nodes says what this build does not know");
  }
}

} // namespace troupe::cluster
