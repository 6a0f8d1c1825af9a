#include "tests/unit/storage/store_rigs.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace troupe::testing {

sqlite_rig::sqlite_rig(storage::sqlite_options options, unopened)
    : options_(std::move(options)) {
  if (options_.directory.empty())
    options_.directory = folder_.emplace().path();
  // A short log: laying out the usual one would be most of the work of most tests.
  options_.checkpoint_bytes = std::min<std::int64_t>(options_.checkpoint_bytes, 1 << 20);
}

sqlite_rig::sqlite_rig(storage::sqlite_options options)
    : sqlite_rig(std::move(options), unopened()) {
  const auto opened = open();
  BOOST_REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().message));
}

std::unique_ptr<sqlite_rig> sqlite_rig::closed(storage::sqlite_options options) {
  return std::unique_ptr<sqlite_rig>(new sqlite_rig(std::move(options), unopened()));
}

void memory_rig::reopen() {
  while (store_.step()) {
  }
  store_.crash();
}

void memory_rig::let_work(const std::function<bool()>& done) {
  while (!done())
    BOOST_REQUIRE_MESSAGE(store_.step(), "nothing is waiting, but the answer is missing");
}

} // namespace troupe::testing
