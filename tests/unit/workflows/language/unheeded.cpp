// What a file says and nobody acts on yet is named, all of it and nothing else.
#include "workflows/plan/unheeded.hpp"
#include "tests/unit/workflows/language/reading.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::workflow {

BOOST_AUTO_TEST_SUITE(unheeded)

BOOST_AUTO_TEST_CASE(the_guides_sample_says_two_things_nobody_acts_on) {
  const parsed p(file_text(data_folder() + "good/lead-to-meeting.yaml"));
  BOOST_REQUIRE_MESSAGE(p.plan, p.findings);
  const std::vector<std::string> wanted = {"budget", "upgrade"};
  BOOST_TEST(unheeded_parts(*p.plan) == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_plain_workflow_is_heeded_whole) {
  const parsed p("workflow: w\nsteps:\n  - {return: 1}\n");
  BOOST_REQUIRE_MESSAGE(p.plan, p.findings);
  BOOST_TEST(unheeded_parts(*p.plan).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::workflow
