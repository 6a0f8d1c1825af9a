#include "storage/postgres/line.hpp"

#include <algorithm>
#include <chrono>

namespace troupe::storage::postgres {
namespace {

constexpr milliseconds first_wait{5};
constexpr milliseconds longest_wait{250};
constexpr int tries_before_telling = 20; // of statements that the server cut short or found deadlocked

} // namespace

struct line::state {
  std::mutex mutex;
  std::condition_variable hung;
  bool over = false;
};

line::line(session::settings how, std::function<void(const std::string&)> warn)
    : how_(std::move(how))
    , warn_(std::move(warn))
    , state_(std::make_unique<state>()) {}

line::line(line&&) noexcept = default;
line::~line() = default;

session& line::connected() {
  if (!session_) {
    session fresh(how_);
    if (check_)
      check_(fresh);
    session_.emplace(std::move(fresh));
    if (std::exchange(told_, false))
      warn_("PostgreSQL answers again");
  }
  return *session_;
}

void line::failed(const pg_error& why, int tries) {
  if (why.what_to_do == remedy::reconnect) {
    session_.reset();
    if (!std::exchange(told_, true))
      warn_("PostgreSQL cannot be reached, what waits is sent again: " + std::string(why.what()));
  } else if (tries == tries_before_telling) {
    warn_("PostgreSQL keeps refusing a statement, it is tried again: " + std::string(why.what()));
  }
  const auto wait = std::min(longest_wait, first_wait * (1 << std::min(tries, 6)));
  std::unique_lock hold(state_->mutex);
  if (state_->hung.wait_for(hold, wait, [this] { return state_->over; }))
    throw hung_up();
}

void line::hang_up() {
  {
    const std::lock_guard hold(state_->mutex);
    state_->over = true;
  }
  state_->hung.notify_all();
}

} // namespace troupe::storage::postgres
