#pragma once

#include "actors/builtin/mail_box.hpp"
#include "actors/builtin/mail_message.hpp"
#include "actors/builtin/smtp.hpp"
#include "runtime/effects/executor.hpp"

namespace troupe::builtin {

/// mail.send: {id}; mail.lookup: {found, result}. With a server, mail is handed to it and a copy kept;
/// without one
/// (`server` null) it rests in the box. What it leans on outlives it. Any thread.
class mail_executor final : public effect_executor {
public:
  mail_executor(mail_box box, smtp_server* server, mail_address from, milliseconds timeout,
                clock_source& clock)
      : box_(std::move(box))
      , server_(server)
      , from_(std::move(from))
      , timeout_(timeout)
      , clock_(clock) {}

  outcome execute(const effect_request& request, const cancel_token& canceled,
                  progress_sink& progress) override;

private:
  outcome send(const effect_request& request, const cancel_token& canceled);
  outcome deliver(const mail_message& mail, const std::string& text, const effect_request& request,
                  const cancel_token& canceled);
  outcome look_up(const effect_request& request) const;
  std::string id_of(std::string_view key) const;

  mail_box box_;
  smtp_server* server_;
  mail_address from_;
  milliseconds timeout_;
  clock_source& clock_;
};

} // namespace troupe::builtin
