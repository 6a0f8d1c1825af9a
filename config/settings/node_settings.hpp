#pragma once

#include "config/settings/settings.hpp"

#include <cstddef>
#include <cstdint>

namespace troupe::config {

/// The settings of one node as plain values, for those who use them. The table (table.cpp) says what each is.
struct node_settings {
  using milliseconds = std::chrono::milliseconds;

  struct http_settings {
    std::string bind;
    std::uint16_t port = 0; // 0: any free one
  };
  struct http_client_settings {
    milliseconds timeout{};
    std::size_t response_bytes_max = 0;
    std::uint32_t redirects = 0;
  };
  struct mail_settings {
    std::string from;
    std::string spool;     // empty: in the data folder
    std::string smtp_host; // empty: mail stays in the spool
    std::uint16_t smtp_port = 0;
    std::string smtp_security;
    std::string smtp_user;
    std::string smtp_password_env;
    std::string smtp_password_file;
    milliseconds smtp_timeout{};
  };
  struct exec_settings {
    std::string allow; // as given: name=/path, …
    milliseconds timeout{};
    std::size_t output_bytes_max = 0;
  };
  struct secret_settings {
    std::string folder;
    std::string env_prefix;
  };
  struct log_settings {
    std::string level;
    std::string format; // json or text
    std::string file;   // empty: standard error
  };
  struct runtime_settings {
    std::size_t threads = 0; // 0: one for each core
    milliseconds passivate_after{};
    milliseconds turn_limit{};
    std::size_t mailbox_max = 0;
    std::size_t sender_pending_max = 0;
    milliseconds call_deadline{};
    std::size_t active_agents_max = 0;
  };
  struct storage_settings {
    std::string postgres; // empty: SQLite in the data folder
    std::size_t blob_threshold_bytes = 0;
    std::size_t group_max = 0;
    std::size_t wal_alarm_bytes = 0;
    std::string schema; // of PostgreSQL
  };
  struct cluster_settings {
    std::string bind;
    std::uint16_t port = 0;
    std::uint32_t weight = 1;
    std::string labels; // as given: name=value, …
    std::string tls_ca, tls_certificate, tls_key;
  };
  struct retention_settings {
    milliseconds history{};
    milliseconds agents{}; // 0: for ever
    milliseconds dead_letters{};
    milliseconds ingress{};
  };
  struct supervision_settings {
    std::uint32_t max_restarts = 0;
    milliseconds within{};
    milliseconds backoff_initial{};
    milliseconds backoff_max{};
    std::string file; // empty: no groups
  };
  struct model_settings {
    std::string provider;
    std::string path;     // native: the model's file or folder
    std::string adapters; // native: name=path, …
    std::string file;     // more providers and segments; empty: none
    std::string url;
    std::string model;
    std::string key_env;
    std::string key_file;
    milliseconds timeout{};
    std::uint32_t retries = 0;
    std::uint32_t validation_retries = 0;
  };

  struct workflow_settings {
    std::string dir; // empty: none
    std::string agents;
    std::vector<std::string> env;  // variables they may read
    std::vector<std::string> more; // no setting: files besides those of `dir`
  };

  std::string data_dir;
  std::string node_name;
  http_settings http;
  http_client_settings http_client;
  log_settings log;
  runtime_settings runtime;
  storage_settings storage;
  cluster_settings cluster;
  retention_settings retention;
  supervision_settings supervision;
  model_settings default_model;
  workflow_settings workflows;
  mail_settings mail;
  exec_settings exec;
  secret_settings secrets;
};

/// "a, b" as its items, without the spaces around them; empty ones are none.
std::vector<std::string> split_list(std::string_view text);

node_settings make_node_settings(const settings& from);

/// All defaults: for tests and programs without configuration.
node_settings default_node_settings();

} // namespace troupe::config
