#pragma once

#include "actors/builtin/arguments.hpp"

#include <string>
#include <vector>

namespace troupe::builtin {

/// A mailbox: who, and where mail for them goes.
struct mail_address {
  std::string name; // for people, may be empty
  std::string address;
};

/// `a@b` or `Name <a@b>`. Refuses what could begin a header or an address of its own, and addresses that are
/// not ASCII.
result<mail_address> parse_mail_address(std::string_view text);

struct mail_message {
  mail_address from;
  std::vector<mail_address> to;
  std::string subject;
  std::string body;
};

/// What mail.send takes: {to, subject, body}, or {to, message} with a text or with {subject, body}.
result<mail_message> read_mail(const arguments& with, const mail_address& from);

/// RFC 5322 with MIME: lines end with CRLF, words that are not ASCII are encoded. `id` stands between angle
/// brackets.
std::string format_mail(const mail_message& what, const std::string& id, instant date);

} // namespace troupe::builtin
