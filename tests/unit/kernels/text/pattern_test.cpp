#include "kernels/pattern/pattern.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

namespace troupe::kernels {
namespace {

namespace data = boost::unit_test::data;

/// All matches, each in brackets, the rest as it is.
std::string marked(const std::string& source, const std::string& text) {
  const auto compiled = pattern::compile(source);
  BOOST_REQUIRE_MESSAGE(compiled.has_value(), compiled.error().message);
  const auto found = compiled->find_all(text);
  BOOST_REQUIRE_MESSAGE(found.has_value(), found.error().message);
  std::string shown;
  std::size_t from = 0;
  for (const auto& [begin, end] : *found) {
    shown += text.substr(from, begin - from) + "[" + text.substr(begin, end - begin) + "]";
    from = end;
  }
  return shown + text.substr(from);
}

error refused(const std::string& source) {
  const auto compiled = pattern::compile(source);
  BOOST_REQUIRE_MESSAGE(!compiled.has_value(), "accepted: " << source);
  return compiled.error();
}

BOOST_AUTO_TEST_SUITE(patterns)

BOOST_AUTO_TEST_CASE(the_first_alternative_that_matches_wins) {
  BOOST_TEST(marked("a|ab", "ab") == "[a]b");
  BOOST_TEST(marked("(?:a|ab)c", "abc") == "[abc]");
}

BOOST_AUTO_TEST_CASE(repetition_is_greedy_lazy_or_possessive) {
  BOOST_TEST(marked("a+a", "aaa") == "[aaa]");
  BOOST_TEST(marked("a+?", "aaa") == "[a][a][a]");
  BOOST_TEST(marked("a+?b", "aab") == "[aab]");
  BOOST_TEST(marked("a++a", "aaa") == "aaa");
  BOOST_TEST(marked("a?+a", "a") == "a");
  BOOST_TEST(marked("(?:ab)*+ab", "abab") == "abab");
  BOOST_TEST(marked("(?>a+)b", "aab") == "[aab]");
}

BOOST_AUTO_TEST_CASE(counts_bound_repetition) {
  BOOST_TEST(marked("a{2}", "aaaaa") == "[aa][aa]a");
  BOOST_TEST(marked("a{2,3}", "aaaaa") == "[aaa][aa]");
  BOOST_TEST(marked("a{,2}b", "aaab") == "a[aab]");
  BOOST_TEST(marked("(?:ab){2,}", "ababab") == "[ababab]");
  BOOST_TEST(marked("a{1,3}?b", "aaab") == "[aaab]");
  BOOST_TEST(marked("a{x}", "a{x}") == "[a{x}]"); // no count at all
}

BOOST_AUTO_TEST_CASE(turns_that_take_nothing_end_a_loop) {
  BOOST_TEST(marked("(?:a*)*b", "aab") == "[aab]");
  BOOST_TEST(marked("(?:|a)+", "aa") == "[]a[]a[]");
}

BOOST_AUTO_TEST_CASE(looking_around_takes_nothing) {
  BOOST_TEST(marked(R"(\s+(?!\S)|\s+)", "a   b") == "a[  ][ ]b");
  BOOST_TEST(marked("a(?=b)", "ab ac") == "[a]b ac");
  BOOST_TEST(marked("(?<=a)b", "ab cb") == "a[b] cb");
  BOOST_TEST(marked("(?<!a|cd)b", "ab cdb b") == "ab cdb [b]");
  BOOST_TEST(marked(R"((?=(\d{3})+(?!\d)))", "1234567") == "1[]234[]567");
}

BOOST_AUTO_TEST_CASE(classes_know_unicode) {
  BOOST_TEST(marked(R"(\p{L}+)", "aé中1") == "[aé中]1");
  BOOST_TEST(marked(R"(\p{Lu}|\P{L})", "aB1") == "a[B][1]");
  BOOST_TEST(marked(R"(\p{^L}+)", "a12") == "a[12]");
  BOOST_TEST(marked(R"([^\s\p{L}\p{N}]+)", "a!? 1") == "a[!?] 1");
  BOOST_TEST(marked(R"(\p{Han}+)", "ab中文ひ") == "ab[中文]ひ");
  BOOST_TEST(marked(R"([[:alpha:]_]+)", "a_1") == "[a_]1");
  BOOST_TEST(marked(R"([a-z&&[^aeiou]]+)", "abcde") == "a[bcd]e");
  BOOST_TEST(marked(R"([^a-c[x-z]]+)", "adxe") == "a[d]x[e]");
  BOOST_TEST(marked(R"([一-龥ࠀ-一]+)", "a中b") == "a[中]b");
  BOOST_TEST(marked(R"([]a-]+)", "]a-b") == "[]a-]b");
  BOOST_TEST(marked(R"(\w+)", "é_9-") == "[é_9]-");
  BOOST_TEST(marked(R"(\S\s\D\d\W\H)", "a b1!z") == "[a b1!z]");
}

BOOST_AUTO_TEST_CASE(case_is_ignored_where_asked) {
  BOOST_TEST(marked("(?i:'s|'LL)", "'S 'll 's") == "['S] ['ll] ['s]");
  BOOST_TEST(marked("(?i:s)", "sS\u017f") == "[s][S][\u017f]");
  BOOST_TEST(marked("(?i)a(?-i)b", "AbAB") == "[Ab]AB");
  BOOST_TEST(marked("(?i:[a-c]+)", "aBCd") == "[aBC]d");
}

BOOST_AUTO_TEST_CASE(places_are_asserted) {
  BOOST_TEST(marked("^a|b$", "a\nab\nb") == "[a]\n[a][b]\n[b]");
  BOOST_TEST(marked(R"(\Aa|a\z)", "aaa") == "[a]a[a]");
  BOOST_TEST(marked(R"(a\Z)", "aa\n") == "a[a]\n");
  BOOST_TEST(marked(R"(\bb\B)", "b bb") == "b [b]b");
}

BOOST_AUTO_TEST_CASE(escapes_name_characters) {
  BOOST_TEST(marked(R"(\x41\u0042\x{1F389})", "AB🎉") == "[AB🎉]");
  BOOST_TEST(marked(R"(\n\t\.\/\-)", "\n\t./-") == "[\n\t./-]");
  BOOST_TEST(marked(R"((?x) a b # c
   d)",
                    "abd") == "[abd]");
  BOOST_TEST(marked("a(?#note)b(?<name>c)", "abc") == "[abc]");
}

BOOST_AUTO_TEST_CASE(an_empty_match_does_not_touch_the_one_before) {
  BOOST_TEST(marked("b*", "abba") == "[]a[bb]a[]");
}

BOOST_DATA_TEST_CASE(what_is_no_pattern_is_refused_with_its_place,
                     data::make(std::vector<std::string>{"(", "a)", "[a", "[z-a]", "*", "a{3,2}", "\\",
                                                         "\\p{", "\\pL", "\\p{Nonsense}", "(?<n",
                                                         "\\x{110000}", "[[:nope:]]", "(?=a", "a\x80"})) {
  BOOST_TEST(refused(sample).message.find("at byte") != std::string::npos);
}

BOOST_DATA_TEST_CASE(what_is_beyond_the_engine_is_refused,
                     data::make(std::vector<std::string>{"(a)\\1", "(?R)", "a{1001}", "\\G", "(?<=a+)b"})) {
  BOOST_TEST((refused(sample).what == fault::refused));
}

BOOST_AUTO_TEST_CASE(hostile_patterns_meet_limits) {
  BOOST_TEST((refused(std::string(20'000, 'a')).what == fault::refused));
  BOOST_TEST((refused(std::string(100, '(') + std::string(100, ')')).what == fault::refused));
  BOOST_TEST((refused(std::string(100, '[') + "a" + std::string(100, ']')).what == fault::refused));
  BOOST_TEST((refused("(?:(?:(?:ab){999}){999}){999}").what == fault::refused));
  BOOST_TEST((refused("a" + std::string(20, '*')).what == fault::refused));
}

BOOST_AUTO_TEST_CASE(a_search_without_end_is_given_up) {
  const auto compiled = pattern::compile("(?:a|a)*(?:a|a)*b");
  BOOST_REQUIRE(compiled.has_value());
  const auto found = compiled->find_all(std::string(200, 'a'));
  BOOST_REQUIRE(!found.has_value());
  BOOST_TEST((found.error().what == fault::refused));
  BOOST_TEST(found.error().message.find("(?:a|a)*") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_megabyte_of_spaces_is_no_trouble) {
  const auto compiled = pattern::compile(R"(\s*[\r\n]+|\s+(?!\S)|\s+)");
  BOOST_TEST(compiled->find_all(std::string(1 << 20, ' ') + "x").value().size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::kernels
