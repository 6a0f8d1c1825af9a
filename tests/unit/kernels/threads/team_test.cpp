#include "kernels/threads/team.hpp"

#include <algorithm>
#include <atomic>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <vector>

using namespace troupe::kernels;

BOOST_AUTO_TEST_SUITE(thread_teams)

BOOST_DATA_TEST_CASE(every_part_is_done_once, boost::unit_test::data::make({1, 2, 3})) {
  thread_team team(static_cast<std::size_t>(sample));
  BOOST_TEST(team.threads() == static_cast<std::size_t>(sample));
  for (std::size_t parts = 0; parts < 200; ++parts) {
    std::vector<std::atomic<int>> done(parts);
    team.share(parts, [&done](std::size_t part) { ++done[part]; });
    BOOST_REQUIRE(std::ranges::all_of(done, [](const auto& times) { return times == 1; }));
  }
}

BOOST_AUTO_TEST_SUITE_END()
