#include "config/diagnostic/suggestion.hpp"

#include "config/limits.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::config {
namespace {

const std::vector<std::string_view> candidates{"http.port", "http.bind", "log.level", "qualify"};

BOOST_AUTO_TEST_SUITE(suggestions)

BOOST_AUTO_TEST_CASE(equal_words_have_no_distance) { BOOST_TEST(edit_distance("same", "same") == 0U); }

BOOST_AUTO_TEST_CASE(each_edit_costs_one) {
  BOOST_TEST(edit_distance("port", "ports") == 1U);
  BOOST_TEST(edit_distance("port", "pot") == 1U);
  BOOST_TEST(edit_distance("port", "part") == 1U);
  BOOST_TEST(edit_distance("kitten", "sitting") == 3U);
  BOOST_TEST(edit_distance("", "abc") == 3U);
}

BOOST_AUTO_TEST_CASE(swapped_neighbours_cost_one) { BOOST_TEST(edit_distance("prot", "port") == 1U); }

BOOST_AUTO_TEST_CASE(the_nearest_candidate_is_suggested) {
  BOOST_TEST(did_you_mean("http.prot", candidates) == "did you mean http.port?");
}

BOOST_AUTO_TEST_CASE(case_counts_for_nothing) {
  BOOST_TEST(did_you_mean("QUALIFY", candidates) == "did you mean qualify?");
}

BOOST_AUTO_TEST_CASE(far_words_suggest_nothing) {
  BOOST_TEST(did_you_mean("elephant", candidates) == "");
  BOOST_TEST(did_you_mean("", candidates) == "");
  BOOST_TEST(did_you_mean("x", {}) == "");
}

BOOST_AUTO_TEST_CASE(words_longer_than_any_name_are_not_compared) {
  const std::string word(100, 'a');
  const std::string same = word;
  BOOST_TEST(!nearest(word, {same}).has_value());
}

BOOST_AUTO_TEST_CASE(among_thousands_of_candidates_none_is_sought) {
  const std::vector<std::string_view> many(limits::suggestion_candidates_max + 1, "word");
  BOOST_TEST(!nearest("word", many).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::config
