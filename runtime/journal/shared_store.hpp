#pragma once

#include "runtime/journal/journal.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace troupe::journal {

/// The numbers are stored: append, never reorder.
enum class member_state : std::uint8_t { up = 0, cordoned = 1, draining = 2, left = 3, dead = 4 };

/// A member that is neither left nor dead owns its agents: nobody else may claim them.
constexpr bool lives(member_state s) noexcept { return s < member_state::left; }

/// One opening of the store by one node. What the other nodes need to know of it is the cluster's to encode.
struct member_row {
  std::uint64_t epoch = 0;   // of the node's opening of the store; never used twice
  std::uint64_t version = 0; // of this row; 0: not written yet
  member_state state = member_state::up;
  std::string node;      // the name it keeps over restarts
  instant lease_until{}; // by the store's clock
  std::string body;
};

struct member_list {
  instant now{}; // the store's clock
  std::vector<member_row> rows;
};

struct lease_grant {
  instant now{}; // the store's clock
  instant until{};
};

/// Who is in the cluster, with compare-and-set: the only truth about it. Lists are small; rows of the dead
/// are kept for a while, so that whoever comes back finds out. Answers come as those of `store` do.
class member_table {
public:
  virtual ~member_table() = default;

  virtual void read(reply<member_list> done) = 0;

  /// Writes the row if it still is at `row.version` (0: if there is none) and answers its new version, else
  /// conflict. `lease` counts from the store's now where the row is new; later only `renew` moves it.
  /// `if_expired`: conflict, too, unless the lease has passed by the store's clock.
  virtual void put(member_row row, milliseconds lease, bool if_expired, reply<std::uint64_t> done) = 0;

  /// Fenced once the row says left or dead, or is gone.
  virtual void renew(std::uint64_t epoch, milliseconds lease, reply<lease_grant> done) = 0;

  /// Removes rows of left and dead members whose lease ended before that. Answers how many.
  virtual void forget(instant before, reply<std::size_t> done) = 0;
};

/// A journal that several nodes have open at once. Its agents have owners: the node epoch that claimed them
/// last. `claim` of an agent whose owner is another member that lives changes nothing and answers
/// `loaded_agent::held_by`; an owner without a row among the members does not live. `duties` lists what is
/// this node's to look after: agents it owns, and those whose owner does not live.
class shared_store : public store {
public:
  virtual member_table& members() = 0;

  /// Drawn once when the store was made: what ties nodes to one cluster. 0: it keeps none.
  virtual std::uint64_t store_id() const { return 0; }

  /// The commit point of a migration: `claim`, but only from exactly this owner at exactly this activation
  /// epoch, though it lives. Fenced when the agent has another owner or epoch by now.
  virtual void take_over(agent_id id, std::uint64_t owner, std::uint64_t epoch, reply<loaded_agent> done) = 0;
};

} // namespace troupe::journal
