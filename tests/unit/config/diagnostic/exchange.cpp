#include "config/diagnostic/exchange.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe::config;

namespace {

diagnostics one_finding() {
  const source in("flows/my file.yaml", "steps: [ä, b]\n");
  diagnostics found;
  auto made = make_error(in, in.between(8, 10), "TW1001", "wrong: 100%\nand more", "quote it");
  made.notes.push_back(make_note(in, in.between(12, 13), "like this"));
  found.add(std::move(made));
  return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(exchange_formats)

BOOST_AUTO_TEST_CASE(sarif_has_places_in_characters_and_related_ones) {
  const auto sarif = nlohmann::json::parse(render_sarif(one_finding(), "1.0"));
  const auto& run = sarif.at("runs").at(0);
  BOOST_TEST(sarif.at("version") == "2.1.0");
  BOOST_TEST(run.at("tool").at("driver").at("rules").at(0).at("id") == "TW1001");
  const auto& result = run.at("results").at(0);
  BOOST_TEST(result.at("level") == "error");
  const auto& place = result.at("locations").at(0).at("physicalLocation");
  BOOST_TEST(place.at("artifactLocation").at("uri") == "flows/my%20file.yaml");
  BOOST_TEST(place.at("region").at("startColumn") == 9);
  BOOST_TEST(place.at("region").at("endColumn") == 10);
  BOOST_TEST(result.at("relatedLocations").at(0).at("message").at("text") == "like this");
}

BOOST_AUTO_TEST_CASE(sarif_without_findings_has_an_empty_list) {
  const auto sarif = nlohmann::json::parse(render_sarif({}, "1.0"));
  BOOST_TEST(sarif.at("runs").at(0).at("results").empty());
}

BOOST_AUTO_TEST_CASE(github_commands_are_one_line_each) {
  BOOST_TEST(render_github(one_finding()) ==
             "::error file=flows/my file.yaml,line=1,endLine=1,col=9,endColumn=10,title=TW1001::"
             "wrong: 100%25%0Aand more (quote it)\n");
}

BOOST_AUTO_TEST_SUITE_END()
