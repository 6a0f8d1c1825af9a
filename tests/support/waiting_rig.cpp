#include "tests/support/waiting_rig.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>

namespace troupe::testing {
namespace {

constexpr std::chrono::seconds patience{60};

} // namespace

result<void> waiting_rig::open() {
  auto opened = open_store();
  if (!opened)
    return tl::unexpected(opened.error());
  store_ = std::move(*opened);
  return {};
}

void waiting_rig::reopen() {
  close();
  const auto opened = open();
  BOOST_REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().message));
}

void waiting_rig::let_work(const std::function<bool()>& done) {
  std::unique_lock hold(mutex_);
  BOOST_REQUIRE_MESSAGE(answered_.wait_for(hold, patience, done), "the store did not answer in time");
}

void waiting_rig::answered() {
  const std::lock_guard hold(mutex_);
  answered_.notify_all();
}

} // namespace troupe::testing
