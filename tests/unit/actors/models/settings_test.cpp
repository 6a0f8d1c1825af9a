#include "actors/models/provider_registry.hpp"
#include "actors/models/settings.hpp"
#include "tests/unit/actors/models/fakes.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using namespace troupe::models;
using namespace std::chrono_literals;

namespace {

constexpr auto full = R"({
  "providers": {
    "cloud": {"kind": "openai", "url": "https://api.example/v1", "key": {"env": "CLOUD_KEY"}, "attempts": 2,
              "first_byte_ms": 1500, "response_format": "json_object",
              "prices": {"big": {"prompt": 150000, "completion": 600000, "cached": 75000}}},
    "local": {"url": "http://127.0.0.1:8000/v1", "key": {"file": "/run/key"}, "proxy": "http://proxy:3128"}
  },
  "segments": {
    "default": {"provider": "cloud", "model": "big", "fallback": [{"provider": "local", "model": "small"}],
                "temperature": 0.7, "max_tokens": 500}
  }
})";

std::string complaint(std::string_view text) {
  const auto settings = read_models_settings(text);
  return settings ? "" : settings.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(models_settings_files)

BOOST_AUTO_TEST_CASE(providers_are_read_with_their_defaults) {
  const auto settings = read_models_settings(full).value();
  const auto& cloud = settings.providers.at("cloud");
  BOOST_TEST(cloud.service.name == "cloud");
  BOOST_TEST(cloud.key.environment == "CLOUD_KEY");
  BOOST_TEST(cloud.service.retry.attempts == 2);
  BOOST_TEST(cloud.service.first_byte.count() == 1500);
  BOOST_TEST(cloud.service.connect.count() == 5000);
  BOOST_TEST((cloud.service.dialect.format == format_style::json_object));
  BOOST_TEST(cloud.prices.at("big").cached.value() == 75'000);
  BOOST_TEST(settings.providers.at("local").key.file == "/run/key");
  BOOST_TEST(settings.providers.at("local").proxy == "http://proxy:3128");
}

BOOST_AUTO_TEST_CASE(a_segment_lists_its_models_in_order) {
  const auto segment = read_models_settings(full).value().segments.at("default");
  BOOST_TEST((segment.choices == std::vector<model_choice>{{"cloud", "big"}, {"local", "small"}}));
  BOOST_TEST(segment.temperature.value() == 0.7);
  BOOST_TEST(segment.max_tokens.value() == 500);
}

BOOST_AUTO_TEST_CASE(no_models_at_all_is_fine) { BOOST_TEST(complaint("{}") == ""); }

BOOST_AUTO_TEST_CASE(a_misspelt_name_is_refused_with_its_place) {
  BOOST_TEST(complaint(R"({"providers": {"a": {"url": "https://x/v1", "atempts": 3}}})") ==
             "models settings: /providers/a has the property \"atempts\", which is not allowed");
}

BOOST_AUTO_TEST_CASE(a_segment_without_its_provider_is_refused) {
  BOOST_TEST(complaint(R"({"segments": {"s": {"provider": "gone", "model": "m"}}})") ==
             "the model segment s names the provider gone, which is not configured");
}

BOOST_AUTO_TEST_CASE(a_key_written_into_the_settings_is_refused) {
  BOOST_TEST(complaint(R"({"providers": {"a": {"url": "https://x/v1", "key": "sk-1"}}})") ==
             "models settings: /providers/a/key must be an object, not the text \"sk-1\"");
}

BOOST_AUTO_TEST_CASE(a_node_s_own_settings_make_one_provider_and_one_segment) {
  config::node_settings::model_settings node;
  node.url = "https://api.example/v1";
  node.model = "small";
  node.key_env = "KEY";
  node.timeout = 30s;
  node.retries = 2;
  const auto models = default_models(node);
  BOOST_TEST(models.providers.at("default").service.url == "https://api.example/v1");
  BOOST_TEST(models.providers.at("default").service.attempt.count() == 30'000);
  BOOST_TEST(models.providers.at("default").service.retry.attempts == 3);
  BOOST_TEST(models.providers.at("default").key.environment == "KEY");
  BOOST_TEST((models.segments.at("default").choices == std::vector<model_choice>{{"default", "small"}}));
}

BOOST_AUTO_TEST_CASE(a_node_s_key_file_goes_before_its_variable) {
  config::node_settings::model_settings node;
  node.key_env = "KEY";
  node.key_file = "/run/key";
  const auto key = default_models(node).providers.at("default").key;
  BOOST_TEST(key.file == "/run/key");
  BOOST_TEST(key.environment == "");
}

BOOST_AUTO_TEST_CASE(a_registry_knows_its_segments) {
  fakes::clock time;
  fakes::random random;
  fakes::pause pause{time};
  const auto registry = provider_registry::make(read_models_settings(full).value(), time, random, pause);
  BOOST_REQUIRE(registry.has_value());
  BOOST_TEST(registry->segment("default")->choices.size() == 2);
  BOOST_TEST(registry->segment("other") == nullptr);
  BOOST_TEST(registry->segment_names() == "default");
}

BOOST_AUTO_TEST_CASE(a_registry_refuses_a_provider_it_could_not_reach) {
  fakes::clock time;
  fakes::random random;
  fakes::pause pause{time};
  const auto settings = read_models_settings(R"({"providers": {"a": {"url": "ftp://x"}}})").value();
  BOOST_TEST(!provider_registry::make(settings, time, random, pause).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
