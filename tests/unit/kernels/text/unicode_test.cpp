#include "kernels/unicode/properties.hpp"
#include "kernels/unicode/transform.hpp"
#include "kernels/unicode/utf8.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace troupe::kernels::unicode {
namespace {

std::vector<std::size_t> prefixes(const std::string& text) {
  std::vector<std::size_t> shown;
  for (std::size_t size = 0; size <= text.size(); ++size)
    shown.push_back(whole_prefix(std::string_view(text).substr(0, size)));
  return shown;
}

BOOST_AUTO_TEST_SUITE(unicode_text)

BOOST_AUTO_TEST_CASE(characters_of_every_length_survive_the_way_there_and_back) {
  const std::u32string all{0,      'a',    0x7f,   0x80,   0x7ff,   0x800,
                           0xd7ff, 0xe000, 0xfffd, 0xffff, 0x10000, 0x10ffff};
  std::string text;
  for (const auto c : all)
    append(text, c);
  BOOST_TEST((decoded(text) == all));
  BOOST_TEST(length(text) == all.size());
  BOOST_TEST(first_invalid(text) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(going_back_meets_the_same_characters) {
  const std::string text = "aé中🎉";
  std::size_t at = text.size();
  BOOST_TEST((previous(text, at) == U'🎉'));
  BOOST_TEST((previous(text, at) == U'中'));
  BOOST_TEST((previous(text, at) == U'é'));
  BOOST_TEST((previous(text, at) == U'a'));
  BOOST_TEST(at == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_no_character_is_found) {
  BOOST_TEST(first_invalid("ab\x80") == 2u);
  BOOST_TEST(first_invalid("\xc0\xaf") == 0u);         // too long
  BOOST_TEST(first_invalid("\xed\xa0\x80") == 0u);     // a surrogate
  BOOST_TEST(first_invalid("\xf4\x90\x80\x80") == 0u); // past the last one
  BOOST_TEST(first_invalid("x\xe4\xb8") == 1u);        // cut short
}

BOOST_AUTO_TEST_CASE(each_broken_beginning_becomes_one_replacement) {
  BOOST_TEST(repaired("a\xe4\xb8z") == "a\ufffdz");
  BOOST_TEST(repaired("\xf0\x9f\x8e") == "\ufffd");
  BOOST_TEST(repaired("\x80\x81") == "\ufffd\ufffd");
  BOOST_TEST(repaired("\xed\xa0\x80") == "\ufffd\ufffd\ufffd");
  BOOST_TEST(repaired("whole é") == "whole é");
}

BOOST_AUTO_TEST_CASE(only_what_can_still_become_a_character_is_held_back) {
  BOOST_TEST((prefixes("é") == std::vector<std::size_t>{0, 0, 2}));
  BOOST_TEST((prefixes("a🎉") == std::vector<std::size_t>{0, 1, 1, 1, 1, 5}));
  BOOST_TEST(whole_prefix("a\x80\x80") == 3u);
  BOOST_TEST(whole_prefix("a\xed\xa0") == 3u); // will never be one
}

BOOST_AUTO_TEST_CASE(categories_go_by_their_names) {
  BOOST_TEST(is_in(U'ß', category_named("L").value()));
  BOOST_TEST(is_in(U'ß', category_named("Ll").value()));
  BOOST_TEST(!is_in(U'ß', category_named("Lu").value()));
  BOOST_TEST(is_in(U'½', category_named("No").value()));
  BOOST_TEST(is_in(U'。', categories::punctuation));
  BOOST_TEST(is_in(U'5', category_named("Any").value()));
  BOOST_TEST(!category_named("Nonsense").has_value());
}

BOOST_AUTO_TEST_CASE(spaces_digits_and_names) {
  BOOST_TEST(is_white_space(0x3000));
  BOOST_TEST(is_white_space(0x85));
  BOOST_TEST(!is_white_space(0x200b));
  BOOST_TEST(decimal_value(U'٣').value() == 3);
  BOOST_TEST(!decimal_value(U'²').has_value());
  BOOST_TEST(is_digit(U'²'));
  BOOST_TEST(is_numeric(U'½'));
  BOOST_TEST(begins_identifier(U'é'));
  BOOST_TEST(!begins_identifier(U'1'));
  BOOST_TEST(script_of(U'中') == script_named("Han").value());
}

BOOST_AUTO_TEST_CASE(normal_forms_and_case) {
  BOOST_TEST(normalized("e\u0301", form::nfc) == "é");
  BOOST_TEST(normalized("é", form::nfd) == "e\u0301");
  BOOST_TEST(normalized("ﬁ²", form::nfkc) == "fi2");
  BOOST_TEST(to_upper("straße") == "STRASSE");
  BOOST_TEST(to_lower("ΟΔΟΣ") == "οδος");
  BOOST_TEST(case_folded("Straße") == "strasse");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::kernels::unicode
