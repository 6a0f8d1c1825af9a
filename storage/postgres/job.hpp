#pragma once

#include "runtime/journal/shared_store.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe::storage::postgres {

class session;

/// Something the writer was asked to do. Exactly one of answer and abandon follows.
class job {
public:
  enum class kind { turn, claim, result, retire, single };

  explicit job(kind of)
      : is(of) {}
  job(const job&) = delete;
  job& operator=(const job&) = delete;
  virtual ~job() = default;

  /// What it touches, as hashes: jobs that touch the same keep their order.
  virtual std::vector<std::size_t> touches() const { return {}; }
  virtual std::size_t weight() const { return 0; }
  virtual void answer() = 0;
  virtual void abandon(const error& why) = 0;

  const kind is;
};

struct turn_job final : job {
  turn_job(journal::turn_commit what, std::function<void(journal::receipt)> to);
  std::vector<std::size_t> touches() const override;
  std::size_t weight() const override { return bytes; }
  void answer() override { done(std::move(receipt)); }
  void abandon(const error& why) override;

  journal::turn_commit turn;
  std::function<void(journal::receipt)> done;
  journal::receipt receipt;
  std::size_t bytes = 0;
};

/// What is common to jobs that answer with a result.
template<class T>
struct answered_job : job {
  answered_job(kind of, journal::reply<T> to)
      : job(of)
      , done(std::move(to)) {}
  void answer() override { done(std::move(found)); }
  void abandon(const error& why) override { done(tl::unexpected<error>(why)); }

  journal::reply<T> done;
  result<T> found = fail(fault::internal, "the store was not asked");
};

struct claim_job final : answered_job<journal::loaded_agent> {
  /// The migration's commit point: only from this owner at this activation.
  struct expected {
    std::uint64_t owner = 0;
    std::uint64_t epoch = 0;
  };
  claim_job(agent_id what, bool make, std::optional<expected> only_from,
            journal::reply<journal::loaded_agent> to)
      : answered_job(kind::claim, std::move(to))
      , id(std::move(what))
      , create(make)
      , from(only_from) {}
  std::vector<std::size_t> touches() const override { return {std::hash<agent_id>{}(id)}; }

  agent_id id;
  bool create;
  std::optional<expected> from;
};

struct result_job final : answered_job<bool> {
  result_job(std::string effect, std::uint64_t by, std::string what, journal::reply<bool> to)
      : answered_job(kind::result, std::move(to))
      , id(std::move(effect))
      , executor(by)
      , outcome(std::move(what)) {}
  std::vector<std::size_t> touches() const override { return {std::hash<std::string>{}(id)}; }
  std::size_t weight() const override { return outcome.size(); }

  std::string id;
  std::uint64_t executor;
  std::string outcome;
};

struct retire_job final : answered_job<bool> {
  retire_job(agent_id what, std::uint64_t at, instant when, journal::reply<bool> to)
      : answered_job(kind::retire, std::move(to))
      , id(std::move(what))
      , epoch(at)
      , now(when) {}
  std::vector<std::size_t> touches() const override { return {std::hash<agent_id>{}(id)}; }

  agent_id id;
  std::uint64_t epoch;
  instant now;
};

/// One that goes alone.
struct single_job {
  virtual ~single_job() = default;
  /// `resent`: an earlier try may have been carried out already.
  virtual void carry_out(session& on, bool resent) = 0;
};

template<class T>
struct single_job_of final : answered_job<T>, single_job {
  using work = std::function<result<T>(session& on, bool resent)>;
  single_job_of(work what, journal::reply<T> to)
      : answered_job<T>(job::kind::single, std::move(to))
      , run(std::move(what)) {}
  void carry_out(session& on, bool resent) override { this->found = run(on, resent); }

  work run;
};

/// Jobs of one kind that go to the server together.
struct batch {
  job::kind is;
  std::vector<job*> jobs;
};

/// The batches of a group, to be carried out one after the other. A job moves forward into an earlier batch
/// of its kind if nothing between touches what it touches.
std::vector<batch> in_batches(const std::vector<std::unique_ptr<job>>& group);

} // namespace troupe::storage::postgres
