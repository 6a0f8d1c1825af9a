#include "config/diagnostic/diagnostic.hpp"

#include "config/diagnostic/codes.hpp"
#include "config/limits.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace troupe::config {
namespace {

diagnostic at(const source& in, std::size_t begin, std::size_t end) {
  return make_error(in, in.between(begin, end), "TC0101", "this is wrong", "make it right");
}

BOOST_AUTO_TEST_SUITE(findings)

BOOST_AUTO_TEST_CASE(a_finding_shows_place_line_caret_and_hint) {
  const source in("flows/refund.yaml", "a: 1\nbc: ${{ x.total }}\n");
  BOOST_TEST(render_text(at(in, 13, 20)) == "flows/refund.yaml:2:9: error: this is wrong [TC0101]\n"
                                            "    2 | bc: ${{ x.total }}\n"
                                            "      |         ^^^^^^^\n"
                                            "   hint: make it right\n");
}

BOOST_AUTO_TEST_CASE(the_caret_stands_under_characters_not_bytes) {
  const source in("f", "é: ü");
  BOOST_TEST(render_text(at(in, 4, 6)).find("\n      |    ^\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(tabs_before_the_caret_are_repeated_under_the_line) {
  const source in("f", "\ta:\tb");
  BOOST_TEST(render_text(at(in, 4, 5)).find("    1 | \ta:\tb\n      | \t  \t^\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_range_over_several_lines_is_marked_to_the_end_of_its_first) {
  const source in("f", "abc\ndef");
  BOOST_TEST(render_text(at(in, 1, 6)).find("      |  ^^\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_empty_range_has_one_caret) {
  const source in("f", "abc");
  BOOST_TEST(render_text(at(in, 3, 3)).find("      |    ^\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_long_line_is_cut_around_the_caret) {
  const source in("f", std::string(5'000, 'a') + "!" + std::string(5'000, 'b'));
  const diagnostic d = at(in, 5'000, 5'001);
  BOOST_TEST(count_characters(d.shown.text) == limits::excerpt_columns_max + 2);
  BOOST_TEST(d.shown.caret_begin == 61U);
  BOOST_TEST(d.shown.text.starts_with("…"));
  BOOST_TEST(d.shown.text.ends_with("…"));
}

BOOST_AUTO_TEST_CASE(a_cut_line_keeps_its_characters_whole) {
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += "€";
  const source in("f", text);
  BOOST_TEST(first_invalid_utf8(at(in, 300, 303).shown.text) == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(terminal_escapes_in_a_file_are_not_repeated) {
  const source in("f", "a\x1B[31m\x7F");
  BOOST_TEST(at(in, 0, 1).shown.text == "a?[31m?");
}

BOOST_AUTO_TEST_CASE(a_finding_without_a_place_names_its_origin) {
  const diagnostic d = make_error("TROUPE_HTTP_PORT", "TC0203", "no number");
  BOOST_TEST(render_text(d) == "TROUPE_HTTP_PORT: error: no number [TC0203]\n");
}

BOOST_AUTO_TEST_CASE(a_note_shows_a_second_place) {
  const source in("f", "a: 1\na: 2");
  diagnostic d = make_error(in, in.between(5, 6), "TC0102", "twice");
  d.notes.push_back(make_note(in, in.between(0, 1), "first here"));
  BOOST_TEST(render_text(d) == "f:2:1: error: twice [TC0102]\n"
                               "    2 | a: 2\n"
                               "      | ^\n"
                               "f:1:1: note: first here\n"
                               "    1 | a: 1\n"
                               "      | ^\n");
}

BOOST_AUTO_TEST_CASE(a_report_ends_with_its_counts) {
  diagnostics found;
  found.add(make_error("f", "TC0101", "x"));
  diagnostic warning = make_error("g", "TC0207", "y");
  warning.level = severity::warning;
  found.add(warning);
  found.add(warning);
  BOOST_TEST(render_text(found, 3) == "f: error: x [TC0101]\n"
                                      "g: warning: y [TC0207]\n"
                                      "g: warning: y [TC0207]\n"
                                      "1 error, 2 warnings in 3 files\n");
}

BOOST_AUTO_TEST_CASE(a_clean_report_says_so) {
  BOOST_TEST(render_text({}, 1) == "0 errors, 0 warnings in 1 file\n");
}

BOOST_AUTO_TEST_CASE(findings_past_the_limit_are_counted_and_not_kept) {
  diagnostics found;
  const std::vector<diagnostic> many(limits::diagnostics_max + 7, make_error("f", "TC0101", "x"));
  std::for_each(many.begin(), many.end(), [&](const diagnostic& d) { found.add(d); });
  BOOST_TEST(found.items().size() == limits::diagnostics_max);
  BOOST_TEST(found.errors() == limits::diagnostics_max + 7);
  BOOST_TEST(render_text(found, 1).find("and 7 more\n107 errors, 0 warnings") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(joined_findings_keep_the_counts_of_what_was_not_kept) {
  diagnostics many;
  const std::vector<diagnostic> all(limits::diagnostics_max + 7, make_error("f", "TC0101", "x"));
  std::for_each(all.begin(), all.end(), [&](const diagnostic& d) { many.add(d); });
  diagnostics joined;
  joined.add(make_error("f", "TC0101", "x"));
  joined.add_all(many);
  BOOST_TEST(joined.items().size() == limits::diagnostics_max);
  BOOST_TEST(joined.errors() == limits::diagnostics_max + 8);
}

BOOST_AUTO_TEST_CASE(json_carries_everything_a_program_needs) {
  const source in("f \"x\".yaml", "a: 1\na: 2");
  diagnostic d = make_error(in, in.between(5, 6), "TC0102", "twice", "remove one");
  d.notes.push_back(make_note(in, in.between(0, 1), "first here"));
  diagnostics found;
  found.add(d);
  BOOST_TEST(
      render_json(found, 1) ==
      R"({"diagnostics":[{"severity":"error","code":"TC0102","file":"f \"x\".yaml","line":2,"column":1,)"
      R"("end_line":2,"end_column":2,"offset":5,"end_offset":6,"message":"twice","hint":"remove one",)"
      R"("notes":[{"message":"first here","file":"f \"x\".yaml","line":1,"column":1,"end_line":1,)"
      R"("end_column":2,"offset":0,"end_offset":1}]}],"errors":1,"warnings":0,"files":1})");
}

BOOST_AUTO_TEST_CASE(json_text_is_escaped_and_always_valid_utf8) {
  BOOST_TEST(quote_json("a\"\\\n\r\t\x01\x7F é") == R"("a\"\\\n\r\t\u0001\u007f é")");
  BOOST_TEST(quote_json("a\xFF"
                        "b\xE2\x82") == R"("a\ufffdb\ufffd\ufffd")");
}

BOOST_AUTO_TEST_CASE(codes_are_ascending_and_each_is_explained) {
  const auto codes = all_codes();
  BOOST_TEST(codes.size() == 24U);
  BOOST_TEST(std::is_sorted(codes.begin(), codes.end(),
                            [](const code_entry& a, const code_entry& b) { return a.code <= b.code; }));
  BOOST_TEST(
      std::all_of(codes.begin(), codes.end(), [](const code_entry& e) { return e.meaning.ends_with("."); }));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::config
