#include "runtime/base/fault_point.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;

namespace {

/// Disarms however the test ends.
struct armed {
  explicit armed(std::function<void(std::string_view)> at_point) { arm_fault_points(std::move(at_point)); }
  ~armed() { arm_fault_points({}); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(base_fault_point)

BOOST_AUTO_TEST_CASE(a_fault_point_is_inert_unless_armed) {
  BOOST_CHECK_NO_THROW(fault_point("journal.write"));
}

BOOST_AUTO_TEST_CASE(an_armed_fault_point_says_its_name) {
  std::vector<std::string> passed;
  armed arm([&](std::string_view name) { passed.emplace_back(name); });
  fault_point("journal.write");
  fault_point("journal.written");
  BOOST_TEST(passed == (std::vector<std::string>{"journal.write", "journal.written"}));
}

BOOST_AUTO_TEST_CASE(a_disarmed_fault_point_is_inert_again) {
  int passed = 0;
  {
    armed arm([&](std::string_view) { ++passed; });
  }
  fault_point("journal.write");
  BOOST_TEST(passed == 0);
}

BOOST_AUTO_TEST_SUITE_END()
