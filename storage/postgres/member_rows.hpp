#pragma once

#include "runtime/journal/shared_store.hpp"
#include "storage/postgres/reader_pool.hpp"

namespace troupe::storage::postgres {

/// The table of members. Its questions go beside the writer: a lease is renewed though a large group is under
/// way. While the server is away they fail as those of people do, for a lease that is not renewed soon is of
/// no use.
class member_rows final : public journal::member_table {
public:
  explicit member_rows(reader_pool& through)
      : through_(through) {}

  void read(journal::reply<journal::member_list> done) override;
  void put(journal::member_row row, milliseconds lease, bool if_expired,
           journal::reply<std::uint64_t> done) override;
  void renew(std::uint64_t epoch, milliseconds lease, journal::reply<journal::lease_grant> done) override;
  void forget(instant before, journal::reply<std::size_t> done) override;

private:
  reader_pool& through_;
};

} // namespace troupe::storage::postgres
