#pragma once

#include "actors/builtin/mail_message.hpp"
#include "actors/builtin/smtp.hpp"
#include "actors/http/curl_transport.hpp"
#include "config/settings/node_settings.hpp"
#include "gateway/log/log.hpp"
#include "runtime/effects/executor.hpp"
#include "runtime/secrets/secret_vault.hpp"

#include <map>
#include <memory>
#include <string>

namespace troupe::cli {

/// What http, mail, log and exec lean on, and their executors by verb. Outlives the node.
class builtin_agents {
public:
  /// Makes the key for secret references in the data folder, which must be this process's own by now.
  static result<std::unique_ptr<builtin_agents>>
  make(const config::node_settings& settings, clock_source& clock, const gateway::service_logger& log);

  const secret_vault& secrets() const { return secrets_; }
  const std::map<std::string, std::shared_ptr<effect_executor>>& verbs() const { return verbs_; }

private:
  builtin_agents(const secret_key& key, const config::node_settings& settings);
  void add_mail(const config::node_settings& settings, const builtin::mail_address& from,
                clock_source& clock);

  secret_vault secrets_;
  http::curl_transport transport_;
  std::unique_ptr<builtin::smtp_server> smtp_;
  std::map<std::string, std::shared_ptr<effect_executor>> verbs_;
};

} // namespace troupe::cli
