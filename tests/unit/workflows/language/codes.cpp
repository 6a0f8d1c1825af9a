#include "tests/unit/workflows/language/reading.hpp"
#include "workflows/language/explain/pages.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>

using namespace troupe;
using namespace troupe::workflow;

namespace {

std::string docs_folder() { return std::string(TROUPE_SOURCE_DIR) + "/docs/codes/"; }

// The page as committed; when it differs, the new one lies in the build folder.
void compare_with_page(const std::string& name, const std::string& now) {
  if (file_text(docs_folder() + name) == now)
    return;
  const auto folder = std::filesystem::path(TROUPE_BINARY_DIR) / "docs/codes";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / name) << now;
  BOOST_ERROR("docs/codes/" + name + " is not what the code gives; copy " + (folder / name).string());
}

} // namespace

BOOST_AUTO_TEST_SUITE(pages_of_codes)

BOOST_AUTO_TEST_CASE(pages_are_ascending_and_end_like_sentences) {
  const auto pages = all_pages();
  BOOST_TEST(std::is_sorted(pages.begin(), pages.end(),
                            [](const auto& a, const auto& b) { return a.code <= b.code; }));
  BOOST_TEST(
      std::all_of(pages.begin(), pages.end(), [](const code_page& p) { return p.text.ends_with('.'); }));
}

BOOST_AUTO_TEST_CASE(each_example_is_told_its_code_and_nothing_else) {
  for (const code_page& page : all_pages()) {
    if (page.example.empty())
      continue;
    const std::string said = findings_of(page);
    const std::string own = "[" + std::string(page.code) + "]";
    std::size_t others = 0;
    for (std::size_t at = said.find(" [T"); at != said.npos; at = said.find(" [T", at + 1))
      others += said.compare(at + 1, own.size(), own) != 0;
    BOOST_TEST((said.find(own) != said.npos && others == 0), page.code << ":\n" << said);
  }
}

BOOST_AUTO_TEST_CASE(committed_pages_show_places_and_carets_as_they_are) {
  for (const code_page& page : all_pages())
    compare_with_page(std::string(page.code) + ".md", render_page(page));
  compare_with_page("README.md", render_index());
}

BOOST_AUTO_TEST_CASE(there_is_no_page_for_a_code_that_is_none) {
  for (const auto& file : std::filesystem::directory_iterator(docs_folder())) {
    const std::string code = file.path().stem().string();
    BOOST_TEST((code == "README" || find_page(code) != nullptr), code);
  }
}

BOOST_AUTO_TEST_SUITE_END()
