#include "runtime/secrets/system_secrets.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace troupe {
namespace {

constexpr auto run = "workflow.run/7";

result<std::string> known(const std::string& name) {
  if (name == "TOKEN")
    return std::string("s3cr\"et");
  return fail(fault::not_found, "there is no secret " + name);
}

secret_vault vault(unsigned char seed = 1) {
  secret_key key{};
  key.fill(seed);
  return secret_vault(key, known);
}

result<std::string> resolved(const std::string& text, const std::string& bound_to = run) {
  std::vector<std::string> used;
  return vault().resolve(text, bound_to, used);
}

struct folder {
  folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "troupe-secrets-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

BOOST_AUTO_TEST_SUITE(secrets)

BOOST_AUTO_TEST_CASE(a_reference_becomes_its_secret_inside_a_text) {
  const auto text = "Bearer " + vault().make_reference("TOKEN", run) + "!";
  BOOST_TEST(text.find("s3cr") == std::string::npos);
  BOOST_TEST(resolved(text).value() == "Bearer s3cr\"et!");
}

BOOST_AUTO_TEST_CASE(several_references_in_one_text_all_count) {
  const auto one = vault().make_reference("TOKEN", run);
  BOOST_TEST(resolved(one + one).value() == "s3cr\"ets3cr\"et");
}

BOOST_AUTO_TEST_CASE(text_that_only_looks_like_a_reference_stays_text) {
  for (const std::string text :
       {"${{ secrets.TOKEN }}", "${{ secrets.TOKEN:0123 }}", "${{ secrets.",
        "${{ secrets.TOKEN:", "${{secrets.TOKEN}}", "${{ secrets.TO-KEN:00000000000000000000000000000000 }}",
        "${{ secrets.TOKEN:0000000000000000000000000000000g }}"})
    BOOST_TEST(resolved(text).value() == text);
}

BOOST_AUTO_TEST_CASE(a_guessed_reference_is_refused) {
  const auto made = resolved("${{ secrets.TOKEN:00000000000000000000000000000000 }}");
  BOOST_REQUIRE(!made.has_value());
  BOOST_TEST((made.error().what == fault::refused));
}

BOOST_AUTO_TEST_CASE(a_reference_made_for_another_agent_is_refused) {
  const auto copied = vault().make_reference("TOKEN", "workflow.run/8");
  BOOST_TEST(!resolved(copied).has_value());
}

BOOST_AUTO_TEST_CASE(a_reference_made_with_another_key_is_refused) {
  BOOST_TEST(!resolved(vault(2).make_reference("TOKEN", run)).has_value());
}

BOOST_AUTO_TEST_CASE(a_name_cannot_be_swapped_under_its_proof) {
  auto text = vault().make_reference("OTHER", run);
  text.replace(text.find("OTHER"), 5, "TOKEN");
  BOOST_TEST(!resolved(text).has_value());
}

BOOST_AUTO_TEST_CASE(what_a_secret_holds_is_not_resolved_again) {
  secret_key key{};
  std::string inner;
  const secret_vault nested(key, [&](const std::string&) { return result<std::string>(inner); });
  inner = nested.make_reference("B", run);
  std::vector<std::string> used;
  BOOST_TEST(nested.resolve(nested.make_reference("A", run), run, used).value() == inner);
}

BOOST_AUTO_TEST_CASE(an_unknown_secret_is_told_by_name) {
  const auto made = resolved(vault().make_reference("ABSENT", run));
  BOOST_REQUIRE(!made.has_value());
  BOOST_TEST(made.error().message == "there is no secret ABSENT");
}

BOOST_AUTO_TEST_CASE(names_are_plain_words) {
  BOOST_TEST(is_secret_name("API_KEY2"));
  for (const char* bad : {"", "2", "a.b", "a/b", "../a", "a b"})
    BOOST_TEST(!is_secret_name(bad));
  BOOST_TEST(!is_secret_name(std::string(65, 'a')));
}

BOOST_AUTO_TEST_CASE(all_texts_of_a_document_are_revealed_and_nothing_else_changes) {
  const auto safe = vault();
  revealed_secrets secrets(safe, run);
  const auto reference = safe.make_reference("TOKEN", run);
  const json before{{"a", {1, true, reference}}, {"b", {{"c", "x " + reference}}}, {"d", nullptr}};
  const auto after = secrets.reveal(before);
  BOOST_REQUIRE(after.has_value());
  BOOST_TEST((*after == json{{"a", {1, true, "s3cr\"et"}}, {"b", {{"c", "x s3cr\"et"}}}, {"d", nullptr}}));
}

BOOST_AUTO_TEST_CASE(what_was_revealed_is_struck_out_also_as_json) {
  const auto safe = vault();
  revealed_secrets secrets(safe, run);
  BOOST_REQUIRE(secrets.reveal(std::string_view(safe.make_reference("TOKEN", run))).has_value());
  BOOST_TEST(secrets.hide("no s3cr\"et and {\"t\":\"s3cr\\\"et\"}") == "no *** and {\"t\":\"***\"}");
  BOOST_TEST(secrets.any());
}

BOOST_AUTO_TEST_CASE(the_key_is_made_once_and_only_its_owner_reads_it) {
  folder at;
  const auto first = open_secret_key(at.path / "new");
  const auto second = open_secret_key(at.path / "new");
  BOOST_REQUIRE((first.has_value() && second.has_value()));
  BOOST_TEST((*first == *second));
  struct stat facts {};
  BOOST_REQUIRE(::stat((at.path / "new" / "secrets.key").c_str(), &facts) == 0);
  BOOST_TEST((facts.st_mode & 0777) == 0600U);
}

BOOST_AUTO_TEST_CASE(two_folders_have_two_keys) {
  folder a, b;
  BOOST_TEST((*open_secret_key(a.path) != *open_secret_key(b.path)));
}

BOOST_AUTO_TEST_CASE(a_damaged_key_is_refused_and_not_replaced) {
  folder at;
  std::ofstream(at.path / "secrets.key") << "short";
  BOOST_TEST(!open_secret_key(at.path).has_value());
  BOOST_TEST(std::filesystem::file_size(at.path / "secrets.key") == 5U);
}

BOOST_AUTO_TEST_CASE(a_file_goes_before_the_environment) {
  folder at;
  std::ofstream(at.path / "A") << "from file\n";
  ::setenv("TROUPETEST_A", "from environment", 1);
  ::setenv("TROUPETEST_B", "b", 1);
  const auto source = secrets_of_system(at.path.string(), "TROUPETEST_");
  BOOST_TEST(source("A").value() == "from file");
  BOOST_TEST(source("B").value() == "b");
  ::unsetenv("TROUPETEST_A");
  ::unsetenv("TROUPETEST_B");
  const auto absent = source("B");
  BOOST_REQUIRE(!absent.has_value());
  BOOST_TEST(absent.error().hint.find("TROUPETEST_B") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_empty_or_huge_secret_is_refused) {
  folder at;
  std::ofstream(at.path / "EMPTY") << "\n";
  std::ofstream(at.path / "HUGE") << std::string(70'000, 'x');
  const auto source = secrets_of_system(at.path.string(), "");
  BOOST_TEST(!source("EMPTY").has_value());
  BOOST_TEST(!source("HUGE").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe
