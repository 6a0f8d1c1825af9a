#include "storage/postgres/job.hpp"

#include "storage/turn_account.hpp"

#include <unordered_set>

namespace troupe::storage::postgres {

turn_job::turn_job(journal::turn_commit what, std::function<void(journal::receipt)> to)
    : job(kind::turn)
    , turn(std::move(what))
    , done(std::move(to))
    , bytes(payload_bytes(turn)) {}

std::vector<std::size_t> turn_job::touches() const {
  std::vector<std::size_t> all = {std::hash<agent_id>{}(turn.id)};
  for (const auto& effect : turn.effects)
    all.push_back(std::hash<std::string>{}(effect.id));
  for (const auto& id : turn.effect_clears)
    all.push_back(std::hash<std::string>{}(id));
  return all;
}

void turn_job::abandon(const error& why) {
  journal::receipt failed;
  failed.status = journal::commit_status::failed;
  failed.why = why.message;
  done(std::move(failed));
}

namespace {

struct growing_batch {
  batch what;
  std::unordered_set<std::size_t> touched;
};

bool meet(const growing_batch& b, const std::vector<std::size_t>& touches) {
  for (const std::size_t t : touches)
    if (b.touched.contains(t))
      return true;
  return false;
}

/// Where among the batches the job belongs; past the last: in one of its own.
std::size_t place_of(const job& j, const std::vector<std::size_t>& touches,
                     const std::vector<growing_batch>& batches) {
  std::size_t place = batches.size();
  if (j.is == job::kind::single)
    return place;
  for (std::size_t i = batches.size(); i-- > 0;) {
    const growing_batch& b = batches[i];
    const bool mixed = b.what.is == job::kind::single;
    // Turns of one agent are merged in their order; a second claim of it needs the first to be over.
    if (b.what.is == j.is && !mixed && (j.is == job::kind::turn || !meet(b, touches)))
      place = i;
    if (mixed || meet(b, touches))
      break;
  }
  return place;
}

} // namespace

std::vector<batch> in_batches(const std::vector<std::unique_ptr<job>>& group) {
  std::vector<growing_batch> batches;
  for (const auto& j : group) {
    const auto touches = j->touches();
    const std::size_t place = place_of(*j, touches, batches);
    if (place == batches.size())
      batches.push_back({{j->is, {}}, {}});
    batches[place].what.jobs.push_back(j.get());
    batches[place].touched.insert(touches.begin(), touches.end());
  }
  std::vector<batch> all;
  for (auto& b : batches)
    all.push_back(std::move(b.what));
  return all;
}

} // namespace troupe::storage::postgres
