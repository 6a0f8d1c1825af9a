#include "actors/builtin/mail_message.hpp"

#include "actors/builtin/limits.hpp"
#include "runtime/base/text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::builtin {
namespace {

bool is_control(char c) { return (c >= 0 && c < ' ') || c == 127; }
bool has_control(std::string_view text) { return std::any_of(text.begin(), text.end(), is_control); }

tl::unexpected<error> bad_address(std::string_view text, const std::string& why) {
  std::string shown;
  for (const char c : text.substr(0, 80))
    shown += is_control(c) ? '?' : c;
  return fail(fault::invalid, "\"" + as_utf8(shown) + "\" is no mail address: " + why,
              "write a@b.c or Name <a@b.c>");
}

/// The characters of RFC 5322's dot-atoms, and brackets and colons of address literals after the @.
bool is_address(std::string_view text) {
  const auto at = text.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == text.size() ||
      text.find('@', at + 1) != std::string_view::npos)
    return false;
  const auto dotted = [](std::string_view part) {
    return part.front() != '.' && part.back() != '.' && part.find("..") == std::string_view::npos;
  };
  const auto plain = [](char c) {
    return c > ' ' && c < 127 && std::string_view("()<>,;\\\"").find(c) == std::string_view::npos;
  };
  return std::all_of(text.begin(), text.end(), plain) && dotted(text.substr(0, at)) &&
         dotted(text.substr(at + 1)) && text.substr(0, at).find_first_of("[]:") == std::string_view::npos;
}

std::string_view trim(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

} // namespace

result<mail_address> parse_mail_address(std::string_view text) {
  if (has_control(text) || !is_utf8(text))
    return bad_address(text, "it has line breaks or other control characters");
  text = trim(text);
  mail_address made;
  const auto open = text.find('<');
  if (open != std::string_view::npos) {
    if (text.back() != '>')
      return bad_address(text, "nothing may follow the >");
    auto name = trim(text.substr(0, open));
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
      name = name.substr(1, name.size() - 2);
    if (name.find_first_of("\"\\") != std::string_view::npos)
      return bad_address(text, "the name may not hold quotes or backslashes");
    made.name = name;
    text = text.substr(open + 1, text.size() - open - 2);
  }
  if (text.size() > limits::mail_address_bytes)
    return bad_address(text, "it is longer than 254 characters");
  if (!is_address(text))
    return bad_address(text, "an address is NAME@HOST in ASCII");
  made.address = text;
  return made;
}

namespace {

result<std::vector<mail_address>> read_recipients(const arguments& with) {
  const auto* to = with.find("to");
  if (!to || (!to->is_string() && !to->is_array()) || (to->is_array() && to->empty()))
    return with.refuse("to", "an address or a list of addresses");
  std::vector<mail_address> made;
  for (const auto& one : to->is_array() ? *to : json::array({*to})) {
    if (!one.is_string())
      return with.refuse("to", "an address or a list of addresses");
    auto address = parse_mail_address(one.get_ref<const std::string&>());
    if (!address)
      return tl::unexpected(address.error());
    made.push_back(std::move(*address));
  }
  if (made.size() > limits::mail_recipients)
    return with.refuse("to", "at most 100 addresses");
  return made;
}

/// {subject, body}, given beside `to` or inside `message`.
result<void> read_parts(const arguments& with, const json& from, mail_message& into) {
  for (const auto& [name, value] : from.items())
    if (name == "subject" || name == "body") {
      if (!value.is_string() && !value.is_null())
        return with.refuse(name, "a text");
      (name == "subject" ? into.subject : into.body) = value.is_null() ? "" : value.get<std::string>();
    } else if (name != "to" && name != "message") {
      return with.refuse("message", "a text, or a map with subject and body and nothing else");
    }
  return {};
}

} // namespace

result<mail_message> read_mail(const arguments& with, const mail_address& from) {
  mail_message made;
  made.from = from;
  auto to = read_recipients(with);
  if (!to)
    return tl::unexpected(to.error());
  made.to = std::move(*to);
  if (auto read = read_parts(with, with.all(), made); !read)
    return tl::unexpected(read.error());
  if (const auto* message = with.find("message")) {
    if (with.find("body") || (message->is_object() && with.find("subject")))
      return with.refuse("message", "given instead of subject and body, not beside them");
    if (message->is_string())
      made.body = message->get<std::string>();
    else if (!message->is_object())
      return with.refuse("message", "a text, or a map with subject and body");
    else if (auto read = read_parts(with, *message, made); !read)
      return tl::unexpected(read.error());
  }
  if (made.subject.size() > limits::mail_subject_bytes || has_control(made.subject) || !is_utf8(made.subject))
    return with.refuse("subject", "one line of at most 1000 bytes");
  if (made.body.size() > limits::mail_body_bytes || !is_utf8(made.body) ||
      made.body.find('\0') != std::string::npos)
    return with.refuse("body", "a text of at most 1 MiB");
  if (made.subject.empty() && made.body.empty())
    return fail(fault::invalid, "mail.send: the mail has neither subject nor body");
  return made;
}

} // namespace troupe::builtin
