#include "config/document/syntax_message.hpp"

#include <array>

namespace troupe::config {
namespace {

struct translation {
  std::string_view library_says; // any part of its message
  std::string_view message;      // empty: the library's own words
  std::string_view hint;
  bool about_bracket = false;
};

constexpr std::array translations{
    translation{"nested block mapping on the same line",
                "a second ':' on this line starts a map inside a value",
                "quote the value, or put the inner map on lines of its own"},
    translation{"tab character may not", "a tab cannot indent", "indent with spaces"},
    translation{"invalid tab as", "a tab cannot indent", "indent with spaces"},
    translation{"multiline plain key", "this text runs over several lines and ends like a key",
                "check the indentation of its last line; unquoted values end at the line"},
    translation{"did not find expected node content", "a value is missing before this",
                "an empty list item is written - null"},
    translation{"plain scalar cannot start with", "", "quote the value"},
    translation{"without closing quote", "a quote is opened here and never closed", "add the closing quote"},
    translation{"trailing content after", "there is more text after the closing quote",
                "quote the whole value, or escape the inner quote"},
    translation{"invalid value after mapping",
                "this is neither a key with its value nor part of the value above",
                "is a ':' missing, or the space after it?"},
    translation{"missing document start", "there is more text after the end of the document",
                "is the line above indented as it should be?"},
    translation{"invalid indentation in", "this line is indented unlike the ones it belongs to",
                "give all keys of a map the same indentation"},
    translation{"wrongly indented", "this line is indented less than the bracket it stands in",
                "indent what is inside brackets deeper than the key before them"},
    translation{"without a closing", "a bracket is never closed", "", true},
    translation{"missing comma in flow", "a ',' is missing before this",
                "between brackets every item ends with ','"},
    translation{"mismatched flow", "this closes another kind of bracket than was opened",
                "[ ends with ], { with }"},
    translation{"extra closing", "a bracket is closed here that was never opened", "remove it"},
    translation{"undefined tag prefix", "the tag's prefix is not defined", "most values need no tag"},
    translation{"invalid escape", "", "escapes in double quotes are JSON's; in single quotes \\ is a letter"},
    translation{"invalid UTF8 escape", "half of a surrogate pair",
                "characters past U+FFFF take two \\u escapes"},
};

} // namespace

syntax_message explain_syntax(std::string_view library_message) {
  for (const translation& t : translations)
    if (library_message.find(t.library_says) != std::string_view::npos)
      return {std::string(t.message.empty() ? library_message : t.message), t.hint, t.about_bracket};
  return {std::string(library_message), "", false};
}

} // namespace troupe::config
