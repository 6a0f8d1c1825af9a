#include "cli/builtin_agents.hpp"

#include "actors/builtin/exec_executor.hpp"
#include "actors/builtin/http_executor.hpp"
#include "actors/builtin/log_executor.hpp"
#include "actors/builtin/mail_executor.hpp"
#include "runtime/secrets/system_secrets.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace troupe::cli {
namespace {

using settings_of_mail = config::node_settings::mail_settings;

/// Read when a mail is sent: a rotated password needs no restart.
result<std::string> read_password(const settings_of_mail& from) {
  if (!from.smtp_password_file.empty()) {
    std::ifstream file(from.smtp_password_file);
    std::string line;
    if (!file || !std::getline(file, line))
      return fail(fault::not_found, "no SMTP password can be read from " + from.smtp_password_file);
    if (line.ends_with('\r'))
      line.pop_back();
    return line;
  }
  const char* value = std::getenv(from.smtp_password_env.c_str());
  if (value == nullptr)
    return fail(fault::not_found, "the environment has no " + from.smtp_password_env + ", the SMTP password");
  return std::string(value);
}

builtin::smtp_settings smtp_of(const settings_of_mail& from) {
  return {from.smtp_host, from.smtp_port, from.smtp_security, from.smtp_user,
          [from] { return read_password(from); }};
}

builtin::log_port port_to(const gateway::service_logger& log) {
  return [log](const builtin::log_line& line) {
    const gateway::log_fields fields{line.key, line.agent, "log.write", line.fields};
    if (line.level == "debug")
      log.debug(line.message, fields);
    else if (line.level == "warn")
      log.warn(line.message, fields);
    else if (line.level == "error")
      log.error(line.message, fields);
    else
      log.info(line.message, fields);
  };
}

} // namespace

builtin_agents::builtin_agents(const secret_key& key, const config::node_settings& settings)
    : secrets_(key, secrets_of_system(settings.secrets.folder, settings.secrets.env_prefix)) {
  if (!settings.mail.smtp_host.empty())
    smtp_ = std::make_unique<builtin::curl_smtp>(smtp_of(settings.mail));
}

void builtin_agents::add_mail(const config::node_settings& settings, const builtin::mail_address& from,
                              clock_source& clock) {
  const auto folder = settings.mail.spool.empty() ? std::filesystem::path(settings.data_dir) / "mail"
                                                  : std::filesystem::path(settings.mail.spool);
  auto mail = std::make_shared<builtin::mail_executor>(builtin::mail_box(folder), smtp_.get(), from,
                                                       settings.mail.smtp_timeout, clock);
  verbs_["mail.send"] = mail;
  verbs_["mail.lookup"] = mail;
}

result<std::unique_ptr<builtin_agents>> builtin_agents::make(const config::node_settings& settings,
                                                             clock_source& clock,
                                                             const gateway::service_logger& log) {
  auto commands = builtin::read_allowed_commands(settings.exec.allow);
  if (!commands)
    return tl::unexpected(commands.error());
  const auto from = builtin::parse_mail_address(settings.mail.from);
  if (!from)
    return fail(from.error().what, "mail.from: " + from.error().message, from.error().hint);
  const auto key = open_secret_key(settings.data_dir);
  if (!key)
    return tl::unexpected(key.error());
  std::unique_ptr<builtin_agents> made(new builtin_agents(*key, settings));
  const auto& client = settings.http_client;
  const builtin::http_options limits{client.timeout, client.response_bytes_max,
                                     static_cast<int>(client.redirects)};
  auto http = std::make_shared<builtin::http_executor>(made->transport_, clock, made->secrets_, limits);
  for (const auto* verb : {"http.request", "http.get", "http.post"})
    made->verbs_[verb] = http;
  made->add_mail(settings, *from, clock);
  made->verbs_["log.write"] = std::make_shared<builtin::log_executor>(port_to(log));
  const builtin::exec_options run{std::move(*commands), settings.exec.timeout,
                                  settings.exec.output_bytes_max};
  made->verbs_["exec.run"] = std::make_shared<builtin::exec_executor>(made->secrets_, clock, run);
  return made;
}

} // namespace troupe::cli
