#include "runtime/task/context.hpp"

#include "runtime/base/hash.hpp"
#include "runtime/base/text.hpp"
#include "runtime/base/ulid.hpp"
#include "runtime/task/task_run.hpp"

#include <nlohmann/json.hpp>

namespace troupe {
namespace {

constexpr milliseconds outside_deadline{300'000}; // a model call that says nothing for five minutes is lost

std::string message_text(const json& body) {
  if (body.is_number_unsigned())
    return std::to_string(body.get<std::uint64_t>());
  if (body.is_number_integer())
    return std::to_string(body.get<std::int64_t>());
  auto text = body.dump();
  if (text.size() > limits::envelope_bytes_max)
    throw effect_failed("invalid", "a message has at most 1 MiB; keep large things as blobs");
  return text;
}

/// The earlier of `timeout` from now and the deadline of the call this task answers.
instant bounded(const context& ctx, milliseconds timeout) {
  return std::min(later(ctx.now(), timeout), ctx.message().deadline);
}

ask make_ask(ask_kind kind, std::string verb, std::string target, std::string arguments) {
  ask made;
  made.kind = kind;
  made.verb = std::move(verb);
  made.target = std::move(target);
  made.arguments = stable_hash(arguments);
  made.body = std::move(arguments);
  return made;
}

} // namespace

const agent_id& context::self() const { return run_.origin().message.to; }
const envelope& context::message() const { return run_.origin().message; }
instant context::now() const { return run_.now(); }
agent_id context::address(std::string_view to) const {
  std::string text(to);
  if (text.find('/') == std::string::npos)
    text += "/main";
  if (text.front() != '@')
    text = '@' + self().tenant() + '/' + text;
  auto id = agent_id::parse(text);
  if (!id)
    throw effect_failed("invalid", id.error().message);
  return std::move(*id);
}

std::uint64_t context::random() { return run_.next_random(); }

std::string context::uuid() {
  return stable_ulid(now(), run_.origin().id + std::to_string(run_.next_random()));
}

json context::get(std::string_view key) {
  auto read = [&] {
    auto* found = run_.documents().find(key);
    return outcome::success(found ? *found : std::string());
  };
  bool recorded = run_.origin().interleaved && !run_.is_plain();
  auto body = recorded ? run_.note_now("state.get", std::string(key), "", read).body : read().body;
  return body.empty() ? json() : json::parse(body);
}

void context::put(std::string_view key, const json& value) {
  auto body = value.dump();
  if (body.size() > limits::state_document_bytes_max)
    throw effect_failed("invalid", "a state document has at most 1 MiB; keep large things as blobs");
  if (key.size() > limits::state_key_bytes_max)
    throw effect_failed("invalid", "the name of a state document has at most 256 bytes");
  const auto& held = run_.documents();
  if (held.all().size() >= limits::state_documents_max && !held.find(key))
    throw effect_failed("invalid", "an agent has at most 1,024 state documents; keep lists inside one");
  if (run_.origin().interleaved && run_.replaying())
    return; // committed with the turn it was written in; refused there, it is refused here
  run_.documents().put(key, std::move(body));
}

void context::erase(std::string_view key) {
  if (!run_.origin().interleaved || !run_.replaying())
    run_.documents().erase(key);
}

ask context::make_call(std::string_view to, std::string type, const json& body, call_options options) {
  auto id = address(to);
  auto made = make_ask(ask_kind::call, "call", id.text() + ' ' + type, message_text(body));
  made.to = std::move(id);
  made.type = std::move(type);
  made.due = bounded(*this, options.deadline.value_or(run_.origin().default_deadline));
  made.call_key = std::move(options.key);
  return made;
}

json_effect context::call(std::string_view to, std::string type, const json& body) {
  return call(to, std::move(type), body, call_options());
}

json_effect context::call(std::string_view to, std::string type, const json& body, call_options options) {
  return json_effect(run_, make_call(to, std::move(type), body, std::move(options)));
}

result_effect context::try_call(std::string_view to, std::string type, const json& body) {
  return try_call(to, std::move(type), body, call_options());
}

result_effect context::try_call(std::string_view to, std::string type, const json& body,
                                call_options options) {
  return result_effect(run_, make_call(to, std::move(type), body, std::move(options)));
}

bool context::send(std::string_view to, std::string type, const json& body) {
  sent_mail mail;
  mail.to = address(to);
  mail.type = std::move(type);
  mail.body = message_text(body);
  auto admit = [&] {
    auto refused = run_.port().refuses(mail.to);
    return refused.empty() ? outcome::success("true") : outcome::failure(refused, "the queue is full");
  };
  auto admitted = run_.note_now("send", mail.to.text() + ' ' + mail.type, mail.body, admit).ok;
  if (!admitted)
    return false;
  run_.count_row();
  run_.turn().mail.push_back(std::move(mail));
  return true;
}

void context::tell(std::string_view to, std::string type, const json& body) {
  tell(address(to), std::move(type), body);
}

void context::tell(const agent_id& to, std::string type, const json& body) {
  auto text = message_text(body);
  run_.count_row();
  if (!run_.is_plain()) // its turns are never compared with anything
    run_.note_done("tell", to.text() + ' ' + type, text);
  run_.tell(to, std::move(type), std::move(text));
}

json_effect context::query(std::string_view to, std::string type, const json& body) {
  return query(address(to), std::move(type), body, run_.origin().default_deadline);
}

json_effect context::query(const agent_id& to, std::string type, const json& body, milliseconds deadline) {
  auto made = make_ask(ask_kind::query, "query", to.text() + ' ' + type, message_text(body));
  made.to = to;
  made.type = std::move(type);
  made.due = bounded(*this, deadline);
  return json_effect(run_, std::move(made));
}

void context::signal(std::string_view to, std::string name, std::string correlation, const json& body) {
  sent_mail mail;
  mail.to = address(to);
  mail.type = std::move(name);
  mail.body = message_text(body);
  mail.signal = true;
  mail.correlation = std::move(correlation);
  run_.count_row();
  run_.note_done("signal", mail.to.text() + ' ' + mail.type + ' ' + mail.correlation, mail.body);
  run_.turn().mail.push_back(std::move(mail));
}

void_effect context::sleep(milliseconds d) {
  auto made = make_ask(ask_kind::timer, "sleep", "", std::to_string(d.count()));
  made.due = later(now(), d);
  return void_effect(run_, std::move(made));
}

void_effect context::sleep_until(instant due) {
  auto made = make_ask(ask_kind::timer, "sleep_until", "", std::to_string(to_ms(due)));
  made.due = due;
  return void_effect(run_, std::move(made));
}

json_effect context::wait_signal(std::string name, std::string correlation) {
  auto made = make_ask(ask_kind::signal, "signal", std::move(name), std::move(correlation));
  made.type = made.body;
  return json_effect(run_, std::move(made));
}

json_effect context::wait_signal(std::string name, std::string correlation, milliseconds timeout) {
  auto made = make_ask(ask_kind::signal, "signal", std::move(name), std::move(correlation));
  made.type = made.body;
  made.due = later(now(), timeout);
  return json_effect(run_, std::move(made));
}

void context::set_timer(std::string name, instant due, std::string type, const json& body) {
  timer_change change;
  change.name = std::move(name);
  change.due = due;
  change.type = std::move(type);
  change.body = message_text(body);
  auto admit = [&] {
    auto refused = run_.port().refuses_timer(change.name);
    return refused.empty() ? outcome::success("")
                           : outcome::failure(refused, "an agent has at most 1,000 timers");
  };
  run_.count_row();
  auto arguments = std::to_string(to_ms(due)) + ' ' + change.type + ' ' + change.body;
  auto admitted = run_.note_now("set_timer", change.name, arguments, admit);
  if (!admitted.ok)
    throw effect_failed(admitted.kind, admitted.message);
  run_.turn().timers.push_back(std::move(change));
}

void context::clear_timer(std::string name) {
  timer_change change;
  change.name = std::move(name);
  change.clear = true;
  run_.count_row();
  run_.note_done("clear_timer", change.name, "");
  run_.turn().timers.push_back(std::move(change));
}

json_effect context::run(std::string name, std::function<json()> work) {
  auto made = make_ask(ask_kind::run, "run", std::move(name), "");
  made.work = [work = std::move(work)] {
    try {
      return outcome::success(work().dump());
    } catch (const effect_failed& e) {
      return outcome::failure(e.error().kind, e.error().message, e.error().agent);
    } catch (const std::exception& e) {
      return outcome::failure("run_failed", as_utf8(e.what()));
    }
  };
  return json_effect(run_, std::move(made));
}

json_effect context::outside(std::string verb, std::string target, const json& body) {
  return outside(std::move(verb), std::move(target), body, outside_deadline);
}

json_effect context::outside(std::string verb, std::string target, const json& body, milliseconds timeout) {
  auto made = make_ask(ask_kind::outside, std::move(verb), std::move(target), body.dump());
  made.due = bounded(*this, timeout);
  return json_effect(run_, std::move(made));
}

std::uint32_t context::version(std::string change, std::uint32_t newest) {
  return run_.version_of(change, newest);
}

void context::emit(std::string kind, const json& detail) {
  emitted_event event;
  event.kind = std::move(kind);
  event.detail = detail.dump();
  run_.turn().events.push_back(std::move(event));
}

json context::continue_with(const json& input) {
  if (run_.is_plain())
    throw effect_failed("invalid", "only a coroutine goes on: a plain handler sends itself a message");
  run_.set_continue(input.dump());
  return {};
}

} // namespace troupe
