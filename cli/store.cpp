#include "cli/store.hpp"

#include "storage/postgres/open.hpp"
#include "storage/sqlite/open.hpp"

#include <algorithm>

namespace troupe::cli {
namespace {

result<opened_store> open_file(const config::node_settings& from, const storage::unsafe_options& unsafe,
                               bool accept_loss, std::function<void(const std::string&)> warn) {
  storage::sqlite_options how;
  how.directory = from.data_dir;
  how.group_max = from.storage.group_max;
  how.blob_threshold = from.storage.blob_threshold_bytes;
  how.wal_alarm_bytes = static_cast<std::int64_t>(from.storage.wal_alarm_bytes);
  how.accept_loss = accept_loss;
  how.unsafe_for_oracle_tests = unsafe;
  how.warn = std::move(warn);
  auto opened = storage::open_sqlite(how);
  if (!opened)
    return tl::unexpected(opened.error());
  return opened_store{std::move(*opened)};
}

result<opened_store> open_server(const config::node_settings& from, const storage::unsafe_options& unsafe,
                                 bool accept_loss, std::function<void(const std::string&)> warn) {
  storage::postgres_options how;
  how.server = from.storage.postgres;
  how.schema = from.storage.schema;
  how.directory = from.data_dir;
  how.group_max = std::min(from.storage.group_max, storage::limits::postgres_group_max);
  how.blob_threshold = from.storage.blob_threshold_bytes;
  how.accept_loss = accept_loss;
  how.unsafe_for_oracle_tests = unsafe;
  how.warn = std::move(warn);
  auto opened = storage::open_postgres(how);
  if (!opened)
    return tl::unexpected(opened.error());
  auto* shared = opened->get();
  return opened_store{std::move(*opened), shared};
}

} // namespace

result<opened_store> open_store(const config::node_settings& settings, const storage::unsafe_options& unsafe,
                                bool accept_loss, std::function<void(const std::string&)> warn) {
  return (settings.storage.postgres.empty() ? open_file : open_server)(settings, unsafe, accept_loss,
                                                                       std::move(warn));
}

} // namespace troupe::cli
