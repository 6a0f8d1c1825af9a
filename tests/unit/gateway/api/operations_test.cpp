#include "gateway/version.hpp"
#include "tests/unit/gateway/api/api_fixture.hpp"

#include <fstream>
#include <iterator>

using namespace troupe;
using namespace troupe::gateway;
using test::api_fixture;

namespace {

/// Every "$ref" below a value.
void collect_references(const nlohmann::json& value, std::vector<std::string>& into) {
  if (value.is_object() && value.contains("$ref"))
    into.push_back(value["$ref"].get<std::string>());
  if (value.is_structured())
    for (const auto& inner : value)
      collect_references(inner, into);
}

std::size_t unresolved_references(const nlohmann::json& api) {
  std::vector<std::string> references;
  collect_references(api, references);
  return static_cast<std::size_t>(std::ranges::count_if(references, [&](const std::string& to) {
    return !api.contains(nlohmann::json::json_pointer(to.substr(1)));
  }));
}

/// Path parameters in the templates that no operation documents.
std::size_t undocumented_parameters(const nlohmann::json& api) {
  std::size_t missing = 0;
  for (const auto& [path, verbs] : api["paths"].items())
    for (const auto& operation : verbs) {
      const auto written = std::ranges::count(path, '{');
      const auto& parameters = operation.value("parameters", nlohmann::json::array());
      missing += static_cast<std::size_t>(
          written != std::ranges::count_if(parameters, [](const auto& p) { return p["in"] == "path"; }));
    }
  return missing;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(operations, api_fixture)

BOOST_AUTO_TEST_CASE(a_process_that_answers_is_alive_even_when_not_ready) {
  node.become_unready("draining");
  BOOST_TEST(get("/livez").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_node_that_is_not_ready_says_why) {
  node.become_unready("draining");
  auto response = get("/readyz");
  BOOST_TEST(response.status == 503u);
  BOOST_TEST(body_of(response)["error"]["message"] == "draining");
}

BOOST_AUTO_TEST_CASE(health_shows_the_node) {
  auto body = body_of(get("/health"));
  BOOST_TEST(body["ready"] == true);
  BOOST_TEST(body["node"]["id"] == "node-a");
}

BOOST_AUTO_TEST_CASE(the_list_of_nodes_holds_this_one) {
  auto body = body_of(get("/v1/nodes"));
  BOOST_TEST(body["items"][0]["state"] == "up");
  BOOST_TEST(body["complete"] == true);
}

BOOST_AUTO_TEST_CASE(metrics_are_text_with_the_open_connections) {
  auto response = get("/metrics");
  BOOST_TEST(response.content_type.starts_with("text/plain"));
  BOOST_TEST(response.body.find("troupe_http_connections 3\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_description_lists_every_route) {
  auto api = body_of(get("/openapi.json"));
  BOOST_TEST(api["openapi"] == "3.1.0");
  BOOST_TEST(api["paths"].contains("/v1/agents/{kind}/{key}/messages"));
  BOOST_TEST(api["paths"]["/v1/agents/{kind}/{key}"].contains("post"));
  BOOST_TEST(api["paths"].contains("/openapi.json"));
}

BOOST_AUTO_TEST_CASE(every_reference_in_the_description_resolves) {
  BOOST_TEST(unresolved_references(body_of(get("/openapi.json"))) == 0u);
}

BOOST_AUTO_TEST_CASE(every_path_parameter_is_documented) {
  BOOST_TEST(undocumented_parameters(body_of(get("/openapi.json"))) == 0u);
}

BOOST_AUTO_TEST_CASE(the_documentation_needs_nothing_from_elsewhere) {
  auto response = get("/docs");
  BOOST_TEST(response.content_type.starts_with("text/html"));
  BOOST_TEST(response.body.find("https://") == std::string::npos);
  BOOST_TEST(header(response, "Content-Security-Policy").find("default-src 'none'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_version_is_the_build_files) {
  std::ifstream file(TROUPE_SOURCE_DIR "/CMakeLists.txt");
  std::string text(std::istreambuf_iterator<char>(file), {});
  BOOST_TEST(text.find("VERSION " + std::string(version)) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
