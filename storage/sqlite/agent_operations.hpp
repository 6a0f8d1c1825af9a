#pragma once

#include "runtime/journal/journal.hpp"
#include "storage/sqlite/agent_loader.hpp"
#include "storage/sqlite/operation.hpp"

#include <memory>

namespace troupe::storage {

/// What is common to operations that answer with a result: an error of the operation itself is an answer, an
/// error of the group abandons it.
template<class T>
class answered_operation : public operation {
public:
  explicit answered_operation(journal::reply<T> done)
      : done_(std::move(done)) {}

  void answer() override { done_(std::move(answer_)); }
  void abandon(const error& why) override { done_(tl::unexpected<error>(why)); }

protected:
  result<T> answer_ = fail(fault::internal, "the operation was never applied");

private:
  journal::reply<T> done_;
};

/// Statements that purge, skip and sweep need and turns do not.
class upkeep;

std::unique_ptr<operation> make_claim(agent_loader& loader, agent_id id, bool create,
                                      journal::reply<journal::loaded_agent> done);
/// With `retired_at`: only if the agent's epoch is still that one, and nobody's message waits for it.
std::unique_ptr<operation> make_purge(upkeep& with, agent_id id, std::optional<std::uint64_t> retired_at,
                                      instant now, journal::reply<bool> done);
std::unique_ptr<operation> make_skip(upkeep& with, agent_id id, journal::reply<std::uint32_t> done);
std::unique_ptr<operation> make_record_result(std::string id, std::uint64_t executor, std::string outcome,
                                              journal::reply<bool> done);
std::unique_ptr<operation> make_adoption(std::string id, journal::reply<journal::effect_row> done);
std::unique_ptr<operation> make_replayed_note(std::string id, journal::reply<bool> done);

/// How far back each kind of record is kept, and how many of each one sweep may remove.
struct sweep_bounds {
  instant rows_before;
  instant events_before;
  instant letters_before;
  std::size_t limit = 0;
};
std::unique_ptr<operation> make_sweep(upkeep& with, sweep_bounds bounds, journal::reply<std::size_t> done);

} // namespace troupe::storage
