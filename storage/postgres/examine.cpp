#include "storage/postgres/open.hpp"

#include "storage/postgres/pg_error.hpp"
#include "storage/postgres/postgres_store.hpp"
#include "storage/postgres/schema.hpp"

namespace troupe::storage {
namespace {

using namespace postgres;

constexpr postgres::statement version = {"server_version", "SHOW server_version"};

result<std::string> examine(const postgres_options& options, session& on) {
  if (const std::string why = unfit(on); !why.empty())
    return fail(fault::refused, "PostgreSQL cannot hold the store: " + why);
  const std::string found = "PostgreSQL " + on.run(version).string(0, 0);
  const auto steps = schema_version(on, migrations());
  if (!steps)
    return tl::unexpected(steps.error());
  if (*steps == 0)
    return found + ", no store yet";
  const auto side = store_mark_file::read(options.directory / "store.no");
  if (!side)
    return tl::unexpected(side.error());
  if (*side)
    progress(**side).check(on);
  return found + ", store in schema " + options.schema;
}

} // namespace

result<std::string> examine_postgres(const postgres_options& options) {
  try {
    session on(settings_of(options, "troupe doctor"));
    return examine(options, on);
  } catch (const pg_error& e) {
    return tl::unexpected<error>(e.as_error());
  }
}

} // namespace troupe::storage
