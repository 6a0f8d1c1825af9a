#include "config/settings/node_settings.hpp"

#include "config/result.hpp"

#include <algorithm>
#include <utility>

namespace troupe::config {
namespace {

// The table's bounds make every count and size fit; ensure() holds them to it.
template<class Whole>
Whole whole(std::int64_t value) {
  ensure(std::in_range<Whole>(value), "a setting's bounds fit the type it is used as");
  return static_cast<Whole>(value);
}

node_settings::runtime_settings make_runtime(const settings& from) {
  node_settings::runtime_settings made;
  made.threads = whole<std::size_t>(from.count("runtime.threads"));
  made.passivate_after = from.duration("runtime.passivate_after");
  made.turn_limit = from.duration("runtime.turn_limit");
  made.mailbox_max = whole<std::size_t>(from.count("runtime.mailbox_max"));
  made.sender_pending_max = whole<std::size_t>(from.count("runtime.sender_pending_max"));
  made.call_deadline = from.duration("runtime.call_deadline");
  made.active_agents_max = whole<std::size_t>(from.count("runtime.active_agents_max"));
  return made;
}

node_settings::storage_settings make_storage(const settings& from) {
  node_settings::storage_settings made;
  made.postgres = from.text("storage.postgres");
  made.blob_threshold_bytes = whole<std::size_t>(from.bytes("storage.blob_threshold"));
  made.group_max = whole<std::size_t>(from.count("storage.group_max"));
  made.schema = from.text("storage.schema");
  made.wal_alarm_bytes = whole<std::size_t>(from.bytes("storage.wal_alarm"));
  return made;
}

node_settings::supervision_settings make_supervision(const settings& from) {
  node_settings::supervision_settings made;
  made.max_restarts = whole<std::uint32_t>(from.count("supervision.max_restarts"));
  made.within = from.duration("supervision.within");
  made.backoff_initial = from.duration("supervision.backoff_initial");
  made.backoff_max = from.duration("supervision.backoff_max");
  made.file = from.text("supervision.file");
  return made;
}

node_settings::model_settings make_model(const settings& from) {
  node_settings::model_settings made;
  made.provider = from.text("models.default.provider");
  made.path = from.text("models.default.path");
  made.adapters = from.text("models.default.adapters");
  made.file = from.text("models.file");
  made.url = from.text("models.default.url");
  made.model = from.text("models.default.model");
  made.key_env = from.text("models.default.key_env");
  made.key_file = from.text("models.default.key_file");
  made.timeout = from.duration("models.default.timeout");
  made.retries = whole<std::uint32_t>(from.count("models.default.retries"));
  made.validation_retries = whole<std::uint32_t>(from.count("models.validation_retries"));
  return made;
}

node_settings::mail_settings make_mail(const settings& from) {
  node_settings::mail_settings made;
  made.from = from.text("mail.from");
  made.spool = from.text("mail.spool");
  made.smtp_host = from.text("mail.smtp.host");
  made.smtp_port = whole<std::uint16_t>(from.count("mail.smtp.port"));
  made.smtp_security = from.text("mail.smtp.security");
  made.smtp_user = from.text("mail.smtp.user");
  made.smtp_password_env = from.text("mail.smtp.password_env");
  made.smtp_password_file = from.text("mail.smtp.password_file");
  made.smtp_timeout = from.duration("mail.smtp.timeout");
  return made;
}

node_settings::cluster_settings make_cluster(const settings& from) {
  node_settings::cluster_settings made;
  made.bind = from.text("cluster.bind");
  made.port = whole<std::uint16_t>(from.count("cluster.port"));
  made.weight = whole<std::uint32_t>(from.count("cluster.weight"));
  made.labels = from.text("cluster.labels");
  made.tls_ca = from.text("cluster.tls.ca");
  made.tls_certificate = from.text("cluster.tls.certificate");
  made.tls_key = from.text("cluster.tls.key");
  return made;
}

} // namespace

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> made;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    auto item = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
    item = item.substr(0, item.find_last_not_of(' ') + 1);
    if (!item.empty())
      made.emplace_back(item);
  }
  return made;
}

node_settings make_node_settings(const settings& from) {
  node_settings made;
  made.data_dir = from.text("data.dir");
  made.node_name = from.text("node.name");
  made.http = {from.text("http.bind"), whole<std::uint16_t>(from.count("http.port"))};
  made.http_client = {from.duration("http.client.timeout"),
                      whole<std::size_t>(from.bytes("http.client.response_max")),
                      whole<std::uint32_t>(from.count("http.client.redirects"))};
  made.log = {from.text("log.level"), from.text("log.format"), from.text("log.file")};
  made.runtime = make_runtime(from);
  made.storage = make_storage(from);
  made.cluster = make_cluster(from);
  made.retention = {from.duration("retention.history"), from.duration("retention.agents"),
                    from.duration("retention.dead_letters"), from.duration("retention.ingress")};
  made.supervision = make_supervision(from);
  made.default_model = make_model(from);
  made.workflows = {
      from.text("workflows.dir"), from.text("workflows.agents"), split_list(from.text("workflows.env")), {}};
  made.mail = make_mail(from);
  made.exec = {from.text("exec.allow"), from.duration("exec.timeout"),
               whole<std::size_t>(from.bytes("exec.output_max"))};
  made.secrets = {from.text("secrets.dir"), from.text("secrets.env_prefix")};
  return made;
}

node_settings default_node_settings() {
  diagnostics found;
  const auto defaults = settings::load({}, found);
  ensure(defaults.has_value(), "the defaults alone are valid settings");
  return make_node_settings(*defaults);
}

} // namespace troupe::config
