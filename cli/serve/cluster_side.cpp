#include "cli/serve/cluster_side.hpp"

#include "gateway/version.hpp"

#include <csignal>
#include <cstdlib>
#include <unistd.h>

namespace troupe::cli {
namespace {

constexpr int exit_fenced = 70;

result<std::map<std::string, std::string>> read_labels(const std::string& text) {
  std::map<std::string, std::string> labels;
  for (const auto& item : config::split_list(text)) {
    auto equals = item.find('=');
    if (equals == std::string::npos || equals == 0)
      return fail(fault::invalid, "\"" + item + "\" is no label", "cluster.labels takes name=value, …");
    labels[item.substr(0, equals)] = item.substr(equals + 1);
  }
  return labels;
}

} // namespace

result<cluster_side> join_cluster(const config::node_settings& settings, const kind_registry& kinds,
                                  journal::shared_store& store, const gateway::service_logger& log) {
  auto labels = read_labels(settings.cluster.labels);
  if (!labels)
    return tl::unexpected(labels.error());
  cluster::system_cluster::options how;
  how.name = settings.node_name;
  how.host = settings.cluster.bind;
  how.port = settings.cluster.port;
  how.cluster_id = std::to_string(store.store_id());
  how.build = std::string(gateway::version);
  how.weight = settings.cluster.weight;
  how.labels = std::move(*labels);
  how.ca_file = settings.cluster.tls_ca;
  how.certificate_file = settings.cluster.tls_certificate;
  how.key_file = settings.cluster.tls_key;
  for (const auto* kind : kinds.all())
    how.kinds.push_back(kind->name);
  how.log = [log](const std::string& level, const std::string& sentence) {
    level == "info" ? log.info(sentence) : log.warn(sentence);
  };
  how.on_end = [log](const std::string& why, bool fenced) {
    if (fenced) {
      log.error("this node is no member any more, it ends: " + why);
      std::_Exit(exit_fenced);
    }
    log.info("this node has left the cluster: " + why);
    ::kill(::getpid(), SIGTERM); // drains, as Ctrl-C does
  };
  auto joined = cluster::system_cluster::join(std::move(how), store);
  if (!joined)
    return tl::unexpected(joined.error());
  cluster_side side;
  side.all = std::move(*joined);
  return side;
}

} // namespace troupe::cli
