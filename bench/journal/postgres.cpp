#include "bench/journal/postgres.hpp"

#include "bench/journal/load.hpp"
#include "storage/postgres/open.hpp"
#include "storage/postgres/private_server.hpp"
#include "storage/postgres/session.hpp"

#include <cstdio>
#include <cstdlib>

namespace troupe::bench {
namespace {

using clock = std::chrono::steady_clock;
namespace pg = storage::postgres;

constexpr std::size_t row_bytes = 200;

template<class T>
T value_or_exit(result<T> from) {
  if (from)
    return std::move(*from);
  std::fprintf(stderr, "bench_journal: %s\n", from.error().message.c_str());
  std::exit(1);
}

/// Rows a second in statements of `batch`, each a commit; nothing but the insert.
double bare_rows(pg::session& on, std::size_t batch, std::chrono::milliseconds how_long) {
  constexpr pg::statement insert = {
      "bare_insert",
      "INSERT INTO bare(id, body) SELECT id, body FROM unnest($1::int8[], $2::bytea[]) AS r(id, body)"};
  on.run("CREATE TABLE IF NOT EXISTS bare(id bigint PRIMARY KEY, body bytea); TRUNCATE bare");
  const std::string body(row_bytes, 'x');
  std::int64_t last = 0;
  const auto begun = clock::now();
  while (clock::now() - begun < how_long) {
    pg::wire_array ids(pg::element::int8), bodies(pg::element::bytea);
    for (std::size_t i = 0; i < batch; ++i) {
      ids.number(++last);
      bodies.bytes(body);
    }
    on.run(insert, pg::parameters().array(std::move(ids)).array(std::move(bodies)));
  }
  const std::chrono::duration<double> taken = clock::now() - begun;
  return static_cast<double>(last) / taken.count();
}

} // namespace

postgres_samples measure_postgres(const std::filesystem::path& folder, int rounds,
                                  std::chrono::milliseconds slice) {
  std::filesystem::permissions(folder, std::filesystem::perms(0711)); // its server may be another user
  auto server = value_or_exit(storage::private_server::start({folder / "pg", {}, 50}));
  storage::postgres_options options;
  options.server = server.address();
  options.directory = folder / "pg-node";
  options.warn = [](const std::string& what) { std::fprintf(stderr, "bench_journal: %s\n", what.c_str()); };
  auto store = value_or_exit(storage::open_postgres(options));
  pg::session bare({options.server, "public", "bench", milliseconds(10'000)});
  postgres_samples s;
  for (int round = 0; round < rounds; ++round) {
    s.singles.push_back(bare_rows(bare, 1, slice));
    s.bare_64.push_back(bare_rows(bare, 64, slice));
    s.documents_64.push_back(run_load(*store, turn_kind::document, 64, slice).turns_per_second);
    s.tells_64.push_back(run_load(*store, turn_kind::tell, 64, slice).turns_per_second);
    s.turns_alone.push_back(run_load(*store, turn_kind::document, 1, slice).turns_per_second);
    s.fenced_over_bare.push_back(s.documents_64.back() / s.bare_64.back());
  }
  store.reset();
  return s;
}

} // namespace troupe::bench
