#include "storage/postgres/member_rows.hpp"

namespace troupe::storage::postgres {
namespace {

// clock_timestamp(), not now(): what matters is when the row is written, not when the statement began to
// wait.
#define STORE_NOW "(extract(epoch FROM clock_timestamp()) * 1000)::int8"

constexpr statement all_members = {"members",
                                   "SELECT epoch, version, state, node, lease_until, body, " STORE_NOW
                                   " FROM member ORDER BY epoch"};
constexpr statement now_of_store = {"store_now", "SELECT " STORE_NOW};
constexpr statement add_member = {
    "add_member",
    "INSERT INTO member(epoch, version, state, node, lease_until, body) VALUES($1::int8, 1, $2::int8,"
    " $3::text, " STORE_NOW " + $4::int8, $5::bytea) ON CONFLICT (epoch) DO NOTHING RETURNING version"};
constexpr statement change_member = {
    "change_member",
    "UPDATE member SET version = version + 1, state = $2::int8, node = $3::text, body = $5::bytea"
    " WHERE epoch = $1::int8 AND version = $6::int8 AND (NOT $7::bool OR lease_until < " STORE_NOW
    ") AND $4::int8 >= 0 RETURNING version"};
constexpr statement renew_lease = {"renew_lease", "UPDATE member SET lease_until = " STORE_NOW
                                                  " + $2::int8 WHERE epoch = $1::int8 AND state < 3"
                                                  " RETURNING lease_until - $2::int8, lease_until"};
constexpr statement forget_members = {"forget_members",
                                      "DELETE FROM member WHERE state >= 3 AND lease_until < $1::int8"};

using who = reader_pool::asker;

} // namespace

void member_rows::read(journal::reply<journal::member_list> done) {
  through_.ask<journal::member_list>(who::person, std::move(done), [](session& on) {
    const table rows = on.run(all_members);
    journal::member_list all;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      journal::member_row row;
      row.epoch = rows.natural(i, 0);
      row.version = rows.natural(i, 1);
      row.state = static_cast<journal::member_state>(rows.number(i, 2));
      row.node = rows.string(i, 3);
      row.lease_until = rows.time(i, 4);
      row.body = rows.bytes(i, 5);
      all.rows.push_back(std::move(row));
    }
    all.now = rows.size() > 0 ? rows.time(0, 6) : on.run(now_of_store).time(0, 0);
    return result<journal::member_list>(std::move(all));
  });
}

void member_rows::put(journal::member_row row, milliseconds lease, bool if_expired,
                      journal::reply<std::uint64_t> done) {
  through_.ask<std::uint64_t>(
      who::person, std::move(done),
      [row = std::move(row), lease, if_expired](session& on) -> result<std::uint64_t> {
        parameters p;
        p.number(row.epoch)
            .number(static_cast<std::int64_t>(row.state))
            .bytes(row.node)
            .number(lease.count());
        p.bytes(row.body);
        if (row.version > 0)
          p.number(row.version).flag(if_expired);
        const table written = on.run(row.version == 0 ? add_member : change_member, p);
        if (written.size() == 0)
          return fail(fault::conflict, "the row of member " + std::to_string(row.epoch) + " has changed");
        return written.natural(0, 0);
      });
}

void member_rows::renew(std::uint64_t epoch, milliseconds lease, journal::reply<journal::lease_grant> done) {
  through_.ask<journal::lease_grant>(
      who::person, std::move(done), [epoch, lease](session& on) -> result<journal::lease_grant> {
        const table row = on.run(renew_lease, parameters().number(epoch).number(lease.count()));
        if (row.size() == 0)
          return fail(fault::fenced, "member " + std::to_string(epoch) + " is no longer one");
        return journal::lease_grant{row.time(0, 0), row.time(0, 1)};
      });
}

void member_rows::forget(instant before, journal::reply<std::size_t> done) {
  through_.ask<std::size_t>(who::person, std::move(done), [before](session& on) -> result<std::size_t> {
    return on.run(forget_members, parameters().number(to_ms(before))).affected();
  });
}

} // namespace troupe::storage::postgres
