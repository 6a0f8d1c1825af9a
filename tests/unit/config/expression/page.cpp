#include "config/expression/function_table.hpp"
#include "config/expression/problem.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

using namespace troupe::expression;

namespace {

struct page {
  std::string text;

  page() {
    std::ifstream file(TROUPE_SOURCE_DIR "/docs/expressions.md");
    std::ostringstream all;
    all << file.rdbuf();
    text = all.str();
  }
  bool says(std::string_view word) const { return text.find(word) != text.npos; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(expression_page, page)

BOOST_AUTO_TEST_CASE(the_page_explains_every_code) {
  for (auto c = code::syntax; c <= code::template_text; c = static_cast<code>(static_cast<int>(c) + 1))
    BOOST_TEST(says("`" + std::string(to_string(c)) + "`"), to_string(c));
}

BOOST_AUTO_TEST_CASE(the_page_names_every_function) {
  for (const function_entry& entry : function_table())
    BOOST_TEST((says(std::string(entry.name) + "(") || says("`" + std::string(entry.name) + "`")),
               entry.name);
}

BOOST_AUTO_TEST_CASE(the_table_has_each_function_at_its_place) {
  for (const function_entry& entry : function_table())
    BOOST_TEST(&entry_of(entry.id) == &entry, entry.name);
}

BOOST_AUTO_TEST_SUITE_END()
