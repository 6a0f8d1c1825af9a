#include "actors/builtin/exec_executor.hpp"

#include "actors/builtin/arguments.hpp"
#include "actors/builtin/limits.hpp"
#include "config/schema/json_text.hpp"
#include "config/settings/node_settings.hpp"
#include "runtime/base/text.hpp"
#include "runtime/process/child.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>

namespace troupe::builtin {
namespace {

constexpr int signal_base = 128; // how shells tell a signal from a code

std::string names_of(const allowed_commands& commands) {
  std::string made;
  for (const auto& [name, path] : commands)
    made += (made.empty() ? "" : ", ") + name;
  return made.empty() ? "none" : made;
}

result<std::string> path_of(const arguments& with, const allowed_commands& commands) {
  auto name = with.text("command");
  if (!name)
    return name;
  const auto found = commands.find(*name);
  if (found == commands.end())
    return fail(fault::refused,
                "this node allows no command " + config::shorten(*name, limits::excerpt_bytes),
                "exec.allow names: " + names_of(commands));
  return found->second;
}

result<std::vector<std::string>> arguments_of(const arguments& with, revealed_secrets& secrets) {
  std::vector<std::string> made;
  const auto* args = with.find("args");
  if (!args)
    return made;
  if (!args->is_array() || args->size() > limits::command_arguments)
    return with.refuse("args", "a list of at most 256 texts");
  for (const auto& one : *args) {
    if (!one.is_string() && !one.is_number() && !one.is_boolean())
      return with.refuse("args", "a list of texts and numbers");
    auto text = one.is_string() ? one.get<std::string>() : one.dump();
    if (text.size() > limits::command_argument_bytes || text.find('\0') != std::string::npos)
      return with.refuse("args", "a list of texts of at most 64 KiB");
    const auto revealed = secrets.reveal(std::string_view(text));
    if (!revealed)
      return tl::unexpected(revealed.error());
    if (*revealed != text)
      return fail(fault::invalid, "exec.run: a secret in args would be for all processes to see",
                  "hand it over in stdin");
    made.push_back(std::move(text));
  }
  return made;
}

/// A text as it stands, anything else as JSON.
result<std::string> input_of(const arguments& with, revealed_secrets& secrets) {
  const auto* input = with.find("stdin");
  if (!input)
    return std::string();
  const auto revealed = secrets.reveal(*input);
  if (!revealed)
    return tl::unexpected(revealed.error());
  return revealed->is_string() ? revealed->get<std::string>() : config::dump_json(*revealed);
}

outcome told(child_end end, const std::string& name, const exec_options& how,
             const revealed_secrets& secrets) {
  switch (end.ended) {
  case child_end::how::late:
    return outcome::failure("timeout", name + " took longer than it may and was killed");
  case child_end::how::too_large:
    return outcome::failure("invalid", name + " wrote more than " + std::to_string(how.output_bytes) +
                                           " bytes and was killed");
  case child_end::how::canceled:
    return outcome::failure("canceled", name + " was killed: nobody waits for it any more");
  case child_end::how::not_started:
    return outcome::failure("unavailable", end.problem);
  case child_end::how::exited:
  case child_end::how::killed:
    break;
  }
  const json made{{"code", end.ended == child_end::how::killed ? signal_base + end.code : end.code},
                  {"stdout", as_utf8(secrets.hide(std::move(end.output)))},
                  {"stderr", as_utf8(secrets.hide(std::move(end.errors)))}};
  return outcome::success(config::dump_json(made));
}

} // namespace

result<allowed_commands> read_allowed_commands(std::string_view text) {
  allowed_commands made;
  for (const auto& item : config::split_list(text)) {
    const auto equals = item.find('=');
    const auto name = item.substr(0, equals);
    const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
             c == '_' || c == '.';
    });
    if (equals == std::string::npos || !plain || item.size() < equals + 2 || item[equals + 1] != '/')
      return fail(fault::invalid, "exec.allow: \"" + item + "\" is no name=/absolute/path",
                  "exec.allow: wc=/usr/bin/wc");
    if (!made.emplace(name, item.substr(equals + 1)).second)
      return fail(fault::invalid, "exec.allow names " + name + " twice");
  }
  return made;
}

outcome exec_executor::run(const effect_request& request, revealed_secrets& secrets,
                           const cancel_token& canceled) {
  const auto with = arguments::read(request.body, "exec.run", {"command", "args", "stdin", "timeout"});
  if (!with)
    return refused(with.error());
  const auto path = path_of(*with, how_.commands);
  if (!path)
    return refused(path.error());
  auto words = arguments_of(*with, secrets);
  if (!words)
    return refused(words.error());
  auto input = input_of(*with, secrets);
  if (!input)
    return refused(input.error());
  const auto wanted = with->duration("timeout");
  if (!wanted)
    return refused(wanted.error());
  const auto now = clock_.now();
  if (request.deadline != never && request.deadline <= now)
    return outcome::failure("timeout", "its deadline has passed");
  const auto span = time_for(*wanted ? std::min(**wanted, how_.timeout) : how_.timeout, how_.timeout,
                             request.deadline, now);
  const program what{
      *path, std::move(*words), {"PATH=/usr/bin:/bin", "LANG=C.UTF-8"}, "/", std::move(*input)};
  auto end = run_program(what, {span, how_.output_bytes, 0}, canceled);
  return told(std::move(end), with->text("command").value_or(""), how_, secrets);
}

outcome exec_executor::execute(const effect_request& request, const cancel_token& canceled, progress_sink&) {
  revealed_secrets secrets(secrets_, request.agent);
  try {
    return run(request, secrets, canceled);
  } catch (const std::exception& e) {
    return outcome::failure("invalid", secrets.hide(e.what()));
  }
}

} // namespace troupe::builtin
