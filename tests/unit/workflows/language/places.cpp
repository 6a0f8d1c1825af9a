#include "config/time_zone/system_zones.hpp"
#include "tests/unit/workflows/language/reading.hpp"
#include "workflows/language/deploy/deployment.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <set>

using namespace troupe;
using namespace troupe::workflow;

/// tests/data/workflows/bad: the first line of each file says which findings it has: CODE LINE:COLUMN-END of
/// the rest.
namespace {

std::string summary(const config::diagnostic& d) {
  const std::string place = d.where ? std::to_string(d.where->begin.line) + ":" +
                                          std::to_string(d.where->begin.column) + "-" +
                                          std::to_string(d.where->end.column)
                                    : "";
  return d.code + " " + place;
}

std::string findings_in(const std::string& text, std::string& rendered) {
  std::vector<config::source> files;
  files.emplace_back("flow.yaml", text);
  catalogue around;
  around.zones = std::make_shared<time_zone::system_zones>();
  const auto checked = check_deployment(std::move(files), around);
  std::string all;
  for (const auto& d : checked.found.items())
    all += (all.empty() ? "" : ", ") + summary(d);
  rendered = config::render_text(checked.found, 1);
  return all.empty() ? "nothing" : all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(places)

BOOST_AUTO_TEST_CASE(each_file_has_the_findings_its_first_line_says) {
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(data_folder() + "bad"))
    files.insert(entry.path());
  BOOST_TEST(files.size() >= 30U);
  for (const auto& file : files) {
    const std::string text = file_text(file.string());
    constexpr std::string_view mark = "# expect: ";
    BOOST_REQUIRE(text.starts_with(mark));
    const std::size_t end = text.find('\n');
    std::string rendered;
    const std::string found = findings_in(text.substr(end + 1), rendered);
    BOOST_TEST(found == text.substr(mark.size(), end - mark.size()), file.filename() << "\n"
                                                                                     << found << "\n"
                                                                                     << rendered);
  }
}

BOOST_AUTO_TEST_SUITE_END()
