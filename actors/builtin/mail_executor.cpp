#include "actors/builtin/mail_executor.hpp"

#include "runtime/base/hash.hpp"
#include "runtime/base/object.hpp"

#include <exception>
#include <nlohmann/json.hpp>

namespace troupe::builtin {

/// The same for the same key, so that whoever gets a mail twice sees that it is one.
std::string mail_executor::id_of(std::string_view key) const {
  return content_hash(key) + from_.address.substr(from_.address.find('@'));
}

outcome mail_executor::deliver(const mail_message& mail, const std::string& text,
                               const effect_request& request, const cancel_token& canceled) {
  const auto now = clock_.now();
  if (request.deadline != never && request.deadline <= now)
    return outcome::failure("timeout", "its deadline has passed");
  if (auto kept = box_.begin(request.idempotency_key, text); !kept)
    return refused(kept.error());
  if (server_) {
    smtp_mail letter{mail.from.address, {}, text};
    for (const auto& one : mail.to)
      letter.to.push_back(one.address);
    const auto failed =
        server_->deliver(letter, time_for(timeout_, timeout_, request.deadline, now), canceled);
    if (failed && !failed->in_doubt)
      box_.forget(request.idempotency_key);
    if (failed)
      return outcome::failure(failed->kind, failed->message);
  }
  if (auto done = box_.finish(request.idempotency_key); !done)
    return refused(done.error());
  return outcome::success(object("id", id_of(request.idempotency_key)).dump());
}

outcome mail_executor::send(const effect_request& request, const cancel_token& canceled) {
  if (request.idempotency_key.empty())
    return outcome::failure("invalid",
                            "mail.send: without an idempotency key a repeat could not be told apart");
  const auto with = arguments::read(request.body, "mail.send", {"to", "subject", "body", "message"});
  if (!with)
    return refused(with.error());
  const auto mail = read_mail(*with, from_);
  if (!mail)
    return refused(mail.error());
  const auto id = id_of(request.idempotency_key);
  if (box_.look(request.idempotency_key) == mail_box::state::sent)
    return outcome::success(object("id", id).dump());
  return deliver(*mail, format_mail(*mail, id, clock_.now()), request, canceled);
}

outcome mail_executor::look_up(const effect_request& request) const {
  const auto with = arguments::read(request.body, "mail.lookup", {"key"});
  if (!with)
    return refused(with.error());
  const auto key = with->text("key");
  if (!key)
    return refused(key.error());
  const auto state = box_.look(*key);
  if (state == mail_box::state::sent)
    return outcome::success(object("found", true, "result", object("id", id_of(*key))).dump());
  if (state == mail_box::state::sending && server_)
    return outcome::failure("unknown_outcome",
                            "the mail was handed to the server and its answer never came; look there for " +
                                id_of(*key));
  return outcome::success(object("found", false).dump());
}

outcome mail_executor::execute(const effect_request& request, const cancel_token& canceled, progress_sink&) {
  try {
    return request.verb == "mail.lookup" ? look_up(request) : send(request, canceled);
  } catch (const std::exception& e) {
    return outcome::failure("unavailable", e.what());
  }
}

} // namespace troupe::builtin
