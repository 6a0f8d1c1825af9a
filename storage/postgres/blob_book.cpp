#include "storage/postgres/blob_book.hpp"

#include <sodium.h>

namespace troupe::storage::postgres {
namespace {

constexpr std::size_t hash_bytes = 32;
constexpr std::size_t chunk_bytes = 256u << 10; // what one statement carries: never near a time-out

constexpr int upload_tries = 5; // each begins anew only if the sweep took the blob away meanwhile

constexpr statement missing = {"blob_missing",
                               "SELECT h FROM unnest($1::bytea[]) AS h"
                               " WHERE NOT EXISTS (SELECT 1 FROM blob WHERE hash = h AND state = 0)"};
constexpr statement revive = {"blob_revive",
                              "UPDATE blob SET state = 0 WHERE hash IN (SELECT hash FROM blob"
                              " WHERE hash = ANY($1::bytea[]) AND state = 1 ORDER BY hash FOR UPDATE)"};
constexpr statement begin = {"blob_begin",
                             "INSERT INTO blob(hash, state) VALUES($1::bytea, 2)"
                             " ON CONFLICT (hash) DO UPDATE SET at = now() WHERE blob.state = 2"};
// Somebody else may upload the same content at the same time: the same bytes under the same numbers.
constexpr statement add_chunk = {"blob_add_chunk",
                                 "INSERT INTO blob_chunk(hash, n, body) SELECT $1::bytea, $2::int8, $3::bytea"
                                 " WHERE EXISTS (SELECT 1 FROM blob WHERE hash = $1::bytea FOR KEY SHARE)"
                                 " ON CONFLICT DO NOTHING"};
constexpr statement finish = {"blob_finish",
                              "UPDATE blob SET state = 0 WHERE hash = $1::bytea AND state = 2"};

void upload_one(session& on, const std::string& hash, std::string_view body) {
  on.run(begin, parameters().bytes(hash));
  std::int64_t n = 0;
  for (std::size_t at = 0; at < body.size() || n == 0; at += chunk_bytes)
    on.run(add_chunk, parameters().bytes(hash).number(n++).bytes(body.substr(at, chunk_bytes)));
  on.run(finish, parameters().bytes(hash));
}

} // namespace

placed_payload blob_book::place(std::string_view body) {
  if (body.size() <= threshold_)
    return {body, std::nullopt};
  std::string hash(hash_bytes, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(body.data()), body.size(), nullptr, 0);
  const auto at = bodies_.try_emplace(std::move(hash), body).first;
  return {std::nullopt, at->first};
}

wire_array blob_book::hashes() const {
  wire_array all(element::bytea);
  for (const auto& [hash, body] : bodies_)
    all.bytes(hash);
  return all;
}

void blob_book::upload(session& on) const {
  if (bodies_.empty())
    return;
  for (int tried = 0; tried < upload_tries; ++tried) {
    on.run(revive, parameters().array(hashes()));
    const table absent = on.run(missing, parameters().array(hashes()));
    if (absent.size() == 0)
      return;
    for (std::size_t row = 0; row < absent.size(); ++row) {
      const std::string hash = absent.bytes(row, 0);
      upload_one(on, hash, bodies_.find(hash)->second);
    }
  }
}

} // namespace troupe::storage::postgres
