#include "storage/postgres/server_check.hpp"

#include "storage/postgres/pg_error.hpp"

namespace troupe::storage::postgres {
namespace {

constexpr statement system_of = {
    "identity", "SELECT (SELECT system_identifier FROM pg_control_system()),"
                " (SELECT timeline_id FROM pg_control_checkpoint()), (SELECT id FROM store)"};
constexpr statement commits_of = {"commits_of", "SELECT commits FROM writer WHERE node = $1::bytea"};
constexpr statement settings = {
    "durability",
    "SELECT current_setting('fsync'), current_setting('full_page_writes'), pg_is_in_recovery(),"
    " current_setting('synchronous_standby_names') = '' AND"
    " EXISTS (SELECT 1 FROM pg_stat_replication WHERE application_name NOT LIKE '%basebackup%')"};

[[noreturn]] void behind(const std::string& why) { throw pg_error(remedy::none, store_behind, why); }

} // namespace

identity identify(session& on) {
  const table found = on.run(system_of);
  return {found.natural(0, 0), found.natural(0, 1), found.natural(0, 2)};
}

std::string unfit(session& on) {
  const table now = on.run(settings);
  if (now.text(0, 0) != "on")
    return "its fsync is off: what it acknowledges may not survive a power failure";
  if (now.text(0, 1) != "on")
    return "its full_page_writes is off: a torn page may not survive a power failure";
  if (now.flag(0, 2))
    return "it is a standby in recovery, which takes no writes";
  if (now.flag(0, 3))
    return "it has a standby but no synchronous_standby_names: a fail-over would lose what was acknowledged";
  return {};
}

progress::progress(const store_mark& at)
    : node_(at.node.data(), at.node.size())
    , system_(at.system)
    , store_(at.store)
    , timeline_(at.timeline)
    , commits_(at.commits) {}

void progress::reached(const store_mark& at) {
  timeline_ = at.timeline;
  commits_ = at.commits;
}

void progress::check(session& on) const {
  const std::uint64_t acknowledged = commits_;
  const identity now = identify(on);
  if (now.system != system_ || now.store != store_)
    behind("this is another store than the one this node wrote to");
  if (now.timeline < timeline_)
    behind("the server is on timeline " + std::to_string(now.timeline) + ", this node has seen timeline " +
           std::to_string(timeline_));
  const table row = on.run(commits_of, parameters().bytes(node_));
  const std::uint64_t commits = row.size() == 0 ? 0 : row.natural(0, 0);
  if (commits < acknowledged)
    behind("the store ends at commit " + std::to_string(commits) + " of this node, but commit " +
           std::to_string(acknowledged) + " was acknowledged: it is an older copy of itself");
}

} // namespace troupe::storage::postgres
