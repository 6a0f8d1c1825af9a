// The table of settings: one row each, read by the loader, by `troupe config` and by docs/config.md.
#include "config/settings/setting.hpp"

#include <array>

namespace troupe::config {
namespace {

constexpr std::int64_t second = 1'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::int64_t kib = 1'024;
constexpr std::int64_t mib = 1'024 * kib;
constexpr std::int64_t gib = 1'024 * mib;

using enum value_type;

constexpr setting words(std::string_view key, value_type type, std::string_view initial,
                        std::string_view doc) {
  return {key, type, initial, doc};
}

constexpr setting one_of(std::string_view key, std::string_view choices, std::string_view initial,
                         std::string_view doc) {
  return {key, choice, initial, doc, 0, 0, {}, choices};
}

constexpr setting span(std::string_view key, std::string_view initial, std::int64_t least, std::int64_t most,
                       std::string_view doc) {
  return {key, duration, initial, doc, least, most};
}

constexpr setting bytes(std::string_view key, std::string_view initial, std::int64_t least, std::int64_t most,
                        std::string_view doc) {
  return {key, value_type::size, initial, doc, least, most};
}

constexpr setting number(std::string_view key, std::string_view initial, std::int64_t least,
                         std::int64_t most, std::string_view unit, std::string_view doc) {
  return {key, count, initial, doc, least, most, unit};
}

constexpr std::array table{
    words("data.dir", path, "./.troupe", "Folder of the database, blobs and the lock; one process owns it."),

    words("http.bind", text, "127.0.0.1",
          "Address the HTTP door listens on; other than loopback needs TLS and authentication."),
    number("http.port", "7070", 0, 65'535, "", "Port of the HTTP door; 0 takes a free one and prints it."),

    span("http.client.timeout", "30s", 10, hour,
         "How long one request of the built-in http agent may take unless the step says."),
    bytes("http.client.response_max", "512KiB", 1 * kib, 64 * mib,
          "The largest answer that the built-in http agent takes."),
    number("http.client.redirects", "5", 0, 20, "redirects",
           "Redirects that the built-in http agent follows, of GET and HEAD only."),

    words("node.name", name, "node-a", "Name of this node in lists, logs and metrics."),

    one_of("log.level", "trace|debug|info|warn|error", "info", "The least severe log line that is written."),
    one_of("log.format", "json|text", "text", "How a log line looks: for programs or for people."),
    words("log.file", path, "", "File that log lines are appended to; empty means standard error."),

    number("runtime.threads", "0", 0, 1'024, "threads",
           "Threads that run agents; 0 means one for each core."),
    span("runtime.passivate_after", "2m", 10, 7 * day,
         "How long an agent without mail and open tasks stays in memory."),
    span("runtime.turn_limit", "10s", 50, hour,
         "How long one turn may compute before the watchdog counts it as a crash."),
    number("runtime.mailbox_max", "1000", 1, 1'000'000, "messages",
           "Pending messages from one sender to one agent; beyond it the sender gets overloaded."),
    number("runtime.sender_pending_max", "100000", 1, 100'000'000, "messages",
           "Pending messages of one sender to all agents together."),
    span("runtime.call_deadline", "30s", 1, 30 * day, "How long a call waits for its answer unless it says."),
    number("runtime.active_agents_max", "50000", 1, 10'000'000, "agents",
           "Agents in memory at once; beyond it the longest idle are passivated first."),

    words(
        "storage.postgres", text, "",
        "PostgreSQL that holds the journal, as URI or key=value list; empty means SQLite in the data folder. "
        "Passwords belong in a file that PGPASSFILE or passfile= names."),
    bytes("storage.blob_threshold", "32KiB", 1 * kib, 1 * mib,
          "Payloads from this size are stored as blobs beside the journal."),
    number("storage.group_max", "512", 1, 10'000, "turns",
           "Turns in one group commit; larger groups raise throughput and the wait of the first turn."),
    words("storage.schema", text, "troupe", "Schema of that database which holds the cluster's tables."),
    bytes("storage.wal_alarm", "512MiB", 1 * mib, 1'024 * gib,
          "Size of the write-ahead log from which the node warns that something holds it back."),

    words("cluster.bind", text, "127.0.0.1",
          "Address on which a node that shares its store listens for the others; other than loopback needs "
          "cluster.tls."),
    number("cluster.port", "0", 0, 65'535, "", "Port of the links between nodes; 0 takes a free one."),
    number("cluster.weight", "1", 0, 1'000, "",
           "Share of new agents this node gets, beside the others' weights."),
    words("cluster.labels", text, "", "What this node has, as name=value, separated by commas."),
    words("cluster.tls.ca", path, "",
          "Certificates of the authority that every node's certificate must come from."),
    words("cluster.tls.certificate", path, "", "This node's certificate, as PEM."),
    words("cluster.tls.key", path, "", "The key of that certificate, as PEM."),

    span("retention.history", "7d", minute, 3'650 * day, "How long records of finished tasks are kept."),
    span("retention.agents", "0s", 0, 3'650 * day,
         "How long an agent with nothing open is kept after its last turn, unless its kind says; 0 is for "
         "ever."),
    span("retention.dead_letters", "30d", minute, 3'650 * day, "How long dead letters are kept."),
    span("retention.ingress", "1d", minute, 30 * day, "How long a repeated Idempotency-Key is recognised."),

    number("supervision.max_restarts", "3", 0, 1'000, "restarts",
           "Restarts of one agent within the window before its supervisor gives up on it."),
    span("supervision.within", "10s", second, day, "The window in which restarts are counted."),
    span("supervision.backoff_initial", "100ms", 1, hour,
         "Pause before the first restart; it doubles each time."),
    span("supervision.backoff_max", "30s", 1, day, "The longest pause between restarts."),

    words("workflows.dir", path, "",
          "Folder of workflow files that this node runs; agents are looked for in its agents/ too."),
    words("workflows.agents", path, "", "Another folder of agent files."),
    words("workflows.env", text, "",
          "Environment variables that workflows may read as env.NAME, separated by commas."),
    words("supervision.file", path, "",
          "File with groups of agents that restart together, and policies of kinds; docs/supervision.md."),

    words("models.file", path, "", "File with more model providers and segments; docs/models.md shows one."),
    one_of("models.default.provider", "openai|native", "openai",
           "Who answers model calls: any endpoint that speaks OpenAI's API, or a model that this node runs."),
    words("models.default.path", path, "", "Of a native model: its GGUF file or Hugging Face folder."),
    words("models.default.adapters", text, "",
          "Of a native model: adapters by name, name=path, separated by commas."),
    words("models.default.url", url, "https://api.openai.com/v1", "Base URL of the model endpoint."),
    words("models.default.model", text, "gpt-4o-mini", "Model asked for when an agent names none."),
    words("models.default.key_env", text, "OPENAI_API_KEY", "Environment variable that holds the API key."),
    words("models.default.key_file", path, "",
          "File that holds the API key; goes before key_env when given."),
    span("models.default.timeout", "1m", 10, hour, "How long one attempt of a model call may take."),
    number("models.default.retries", "3", 0, 20, "retries",
           "Further attempts after 429, 5xx or a broken connection."),
    number("models.validation_retries", "2", 0, 10, "retries",
           "Times a model is asked again, with the error, when its answer does not fit the schema."),

    words("mail.from", text, "troupe@localhost", "Who mail is from: an address, or Name <address>."),
    words("mail.spool", path, "",
          "Folder where mail is kept; empty means mail in data.dir. Without an SMTP server it stays there."),
    words("mail.smtp.host", text, "",
          "The SMTP server that mail is handed to; empty means the spool folder."),
    number("mail.smtp.port", "587", 1, 65'535, "", "Port of the SMTP server."),
    one_of("mail.smtp.security", "starttls|tls|none", "starttls",
           "How the connection to the SMTP server is kept private; none is for one's own machine."),
    words("mail.smtp.user", text, "", "User name at the SMTP server; empty means no log-in."),
    words("mail.smtp.password_env", text, "SMTP_PASSWORD", "Environment variable that holds the password."),
    words("mail.smtp.password_file", path, "",
          "File that holds the password; goes before password_env when given."),
    span("mail.smtp.timeout", "30s", 10, hour, "How long handing over one mail may take."),

    words("exec.allow", text, "",
          "Commands that exec.run may run: name=/absolute/path, separated by commas."),
    span("exec.timeout", "30s", 10, day, "How long a command may take unless the step says less."),
    bytes("exec.output_max", "256KiB", 1 * kib, 16 * mib,
          "The most that a command may write to standard output, and to standard error."),

    words("secrets.dir", path, "", "Folder with one file for each secret; goes before the environment."),
    words("secrets.env_prefix", text, "SECRET_",
          "What the environment variable of a secret begins with: secrets.TOKEN is SECRET_TOKEN."),
};

} // namespace

std::span<const setting> settings_table() noexcept { return table; }

} // namespace troupe::config
