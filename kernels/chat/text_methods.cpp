#include "kernels/chat/attributes.hpp"
#include "kernels/chat/failure.hpp"
#include "kernels/chat/formatting.hpp"
#include "kernels/chat/machine.hpp"
#include "kernels/chat/parameters.hpp"
#include "kernels/chat/python.hpp"
#include "kernels/chat/text_tools.hpp"
#include "kernels/unicode/properties.hpp"
#include "kernels/unicode/transform.hpp"
#include "kernels/unicode/utf8.hpp"

#include <algorithm>
#include <array>

namespace troupe::kernels::chat {

namespace {

value list_of(machine& with, std::vector<std::string> texts) {
  value_list all;
  for (auto& text : texts)
    all.push_back(with.text(std::move(text)));
  return with.list(std::move(all));
}

template<bool Left, bool Right>
value strip(machine& with, const value& self, arguments args) {
  const parameters given("strip", std::move(args), {"chars"});
  const bool named = given.has(0) && !given.at(0).is_none();
  return with.text(stripped(self.text(), named ? std::optional(given.text(0)) : std::nullopt, Left, Right));
}

template<std::string (*Change)(std::string_view)>
value changed(machine& with, const value& self, arguments args) {
  const parameters none("this method", std::move(args), {});
  return with.text(Change(self.text()));
}

std::string swapped_case(std::string_view text) {
  std::string to;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    const auto c = unicode::next(text, at);
    const auto one = text.substr(begin, at - begin);
    to += unicode::is_upper(c)   ? unicode::to_lower(one)
          : unicode::is_lower(c) ? unicode::to_upper(one)
                                 : std::string(one);
  }
  return to;
}

std::string titled(std::string_view text) {
  std::string to;
  bool in_word = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = unicode::next(text, at);
    to += in_word ? unicode::encoded(unicode::lowered(c)) : title_of(c);
    in_word = unicode::is_cased(c);
  }
  return to;
}

/// A prefix or suffix, or a tuple of them.
template<bool (*Matches)(std::string_view, std::string_view)>
value begins_or_ends(machine& with, const value& self, arguments args) {
  const parameters given("startswith", std::move(args), {"prefix", "start", "end"});
  const auto cut = get_slice(with, self, given.value_or(1, {}), given.value_or(2, {}), {});
  const auto& what = given.at(0);
  if (!what.is_sequence())
    return Matches(cut.text(), given.text(0));
  return std::ranges::any_of(what.items().items, [&cut](const value& one) {
    return one.is_text() && Matches(cut.text(), one.text());
  });
}

bool begins(std::string_view text, std::string_view with) { return text.starts_with(with); }
bool ends(std::string_view text, std::string_view with) { return text.ends_with(with); }

value replace(machine& with, const value& self, arguments args) {
  const parameters given("replace", std::move(args), {"old", "new", "count"});
  return with.text(replaced(with, self.text(), given.text(0), given.text(1), given.whole_or(2, -1)));
}

std::vector<std::string> split_at(std::string_view text, std::string_view by, std::int64_t most) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (auto at = text.find(by); at != text.npos && most != 0; at = text.find(by, from), --most) {
    parts.emplace_back(text.substr(from, at - from));
    from = at + by.size();
  }
  parts.emplace_back(text.substr(from));
  return parts;
}

std::vector<std::string> split_at_back(std::string_view text, std::string_view by, std::int64_t most) {
  std::vector<std::string> parts;
  for (auto at = text.rfind(by); at != text.npos && most != 0; at = text.rfind(by), --most) {
    parts.emplace_back(text.substr(at + by.size()));
    text = text.substr(0, at);
  }
  parts.emplace_back(text);
  std::ranges::reverse(parts);
  return parts;
}

/// From the back: the words, then what is left of the text as one.
std::vector<std::string> split_words_back(std::string_view text, std::int64_t most) {
  auto words = split_words(text, -1);
  if (most < 0 || static_cast<std::int64_t>(words.size()) <= most)
    return words;
  std::vector<std::string> last(words.end() - most, words.end());
  auto rest = stripped(text, std::nullopt, true, true);
  for (auto word = last.rbegin(); word != last.rend(); ++word)
    rest = stripped(std::string_view(rest).substr(0, rest.size() - word->size()), std::nullopt, false, true);
  last.insert(last.begin(), std::move(rest));
  return last;
}

template<bool Back>
value split(machine& with, const value& self, arguments args) {
  const parameters given("split", std::move(args), {"sep", "maxsplit"});
  const auto most = given.whole_or(1, -1);
  with.spend(self.text().size() / 16);
  if (!given.has(0) || given.at(0).is_none())
    return list_of(with, Back ? split_words_back(self.text(), most) : split_words(self.text(), most));
  const auto& by = given.text(0);
  if (by.empty())
    give_up("empty separator");
  return list_of(with, Back ? split_at_back(self.text(), by, most) : split_at(self.text(), by, most));
}

value lines(machine& with, const value& self, arguments args) {
  const parameters given("splitlines", std::move(args), {"keepends"});
  return list_of(with, split_lines(self.text(), given.flag_or(0, false)));
}

template<bool Back>
value partition(machine& with, const value& self, arguments args) {
  const parameters given("partition", std::move(args), {"sep"});
  const auto& by = given.text(0);
  const auto& text = self.text();
  if (by.empty())
    give_up("empty separator");
  const auto at = Back ? text.rfind(by) : text.find(by);
  value_list parts(3, value(""));
  if (at == text.npos) {
    parts[Back ? 2 : 0] = self;
  } else {
    parts[0] = with.text(text.substr(0, at));
    parts[1] = given.at(0);
    parts[2] = with.text(text.substr(at + by.size()));
  }
  return make_tuple(std::move(parts));
}

value join(machine& with, const value& self, arguments args) {
  const parameters given("join", std::move(args), {"iterable"});
  std::string all;
  bool first = true;
  for (const auto& item : to_list(with, given.at(0))) {
    if (!item.is_text())
      give_up("join() wants strings, not " + type_name(item));
    all += (first ? "" : self.text()) + item.text();
    first = false;
    with.hold(self.text().size() + item.text().size());
  }
  return with.text(std::move(all));
}

template<bool Back, bool MustBeThere>
value find(machine& with, const value& self, arguments args) {
  const parameters given("find", std::move(args), {"sub", "start", "end"});
  const auto cut = get_slice(with, self, given.value_or(1, {}), given.value_or(2, {}), {});
  const auto at = Back ? cut.text().rfind(given.text(0)) : cut.text().find(given.text(0));
  if (at == std::string::npos) {
    if (MustBeThere)
      give_up("substring not found");
    return -1;
  }
  const auto size = static_cast<std::int64_t>(unicode::length(self.text()));
  auto start = given.has(1) && !given.at(1).is_none() ? given.whole_or(1, 0) : 0;
  start = start < 0 ? std::max<std::int64_t>(start + size, 0) : start;
  return start + static_cast<std::int64_t>(unicode::length(std::string_view(cut.text()).substr(0, at)));
}

value count(machine& with, const value& self, arguments args) {
  const parameters given("count", std::move(args), {"sub", "start", "end"});
  const auto cut = get_slice(with, self, given.value_or(1, {}), given.value_or(2, {}), {});
  const auto& what = given.text(0);
  if (what.empty())
    return unicode::length(cut.text()) + 1;
  std::int64_t found = 0;
  for (auto at = cut.text().find(what); at != std::string::npos; at = cut.text().find(what, at + what.size()))
    ++found;
  return found;
}

template<bool Left>
value justify(machine& with, const value& self, arguments args) {
  const parameters given("ljust", std::move(args), {"width", "fillchar"});
  const auto fill = given.has(1) ? given.text(1) : " ";
  const auto gap = given.whole_or(0, 0) - static_cast<std::int64_t>(unicode::length(self.text()));
  with.at_most(gap, fill.size());
  std::string padding;
  for (std::int64_t i = 0; i < gap; ++i)
    padding += fill;
  return with.text(Left ? self.text() + padding : padding + self.text());
}

value center(machine& with, const value& self, arguments args) {
  const parameters given("center", std::move(args), {"width", "fillchar"});
  return with.text(centered(with, self.text(), given.whole_or(0, 0), given.has(1) ? given.text(1) : " "));
}

value zero_fill(machine& with, const value& self, arguments args) {
  const parameters given("zfill", std::move(args), {"width"});
  const auto& text = self.text();
  const auto gap = given.whole_or(0, 0) - static_cast<std::int64_t>(unicode::length(text));
  with.at_most(gap, 1);
  const auto sign = text.starts_with('+') || text.starts_with('-') ? 1u : 0u;
  return with.text(text.substr(0, sign) +
                   std::string(static_cast<std::size_t>(std::max<std::int64_t>(gap, 0)), '0') +
                   text.substr(sign));
}

value expand_tabs(machine& with, const value& self, arguments args) {
  const parameters given("expandtabs", std::move(args), {"tabsize"});
  const auto size = given.whole_or(0, 8);
  std::string to;
  std::int64_t column = 0;
  for (const char c : self.text()) {
    if (c != '\t') {
      to += c;
      column = c == '\n' || c == '\r' ? 0 : column + ((c & 0xc0) != 0x80 ? 1 : 0);
    } else if (size > 0) {
      const auto gap = size - column % size;
      to += spaces(with, gap);
      column += gap;
    }
  }
  return with.text(std::move(to));
}

value without_prefix(machine& with, const value& self, arguments args) {
  const parameters given("removeprefix", std::move(args), {"prefix"});
  const auto& what = given.text(0);
  return self.text().starts_with(what) ? with.text(self.text().substr(what.size())) : self;
}

value without_suffix(machine& with, const value& self, arguments args) {
  const parameters given("removesuffix", std::move(args), {"suffix"});
  const auto& what = given.text(0);
  return self.text().ends_with(what) ? with.text(self.text().substr(0, self.text().size() - what.size()))
                                     : self;
}

value format(machine& with, const value& self, arguments args) {
  return with.text(format_braces(with, self.text(), args));
}

/// All characters are so, and there is one.
template<bool (*Is)(char32_t)>
value all_are(machine& with, const value& self, arguments args) {
  const parameters none("this method", std::move(args), {});
  with.spend(self.text().size() / 16);
  const auto characters = unicode::decoded(self.text());
  return !characters.empty() && std::ranges::all_of(characters, Is);
}

bool is_letter(char32_t c) { return unicode::is_in(c, unicode::categories::letter); }
bool is_decimal(char32_t c) { return unicode::is_in(c, unicode::categories::decimal_digit); }
bool is_alphanumeric(char32_t c) { return is_letter(c) || unicode::is_numeric(c); }
bool is_ascii(char32_t c) { return c < 128; }
bool is_python_space(char32_t c) { return unicode::is_white_space(c) || (c >= 0x1c && c <= 0x1f); }
bool is_digit(char32_t c) { return unicode::is_digit(c); }
bool is_numeric(char32_t c) { return unicode::is_numeric(c); }
bool is_printable(char32_t c) {
  return c == ' ' || !unicode::is_in(c, unicode::categories::other | unicode::categories::separator);
}

value ascii(machine& with, const value& self, arguments args) {
  return self.text().empty() ? value(true) : all_are<is_ascii>(with, self, std::move(args));
}

value printable(machine& with, const value& self, arguments args) {
  return self.text().empty() ? value(true) : all_are<is_printable>(with, self, std::move(args));
}

template<bool (*Wanted)(char32_t), bool (*Other)(char32_t)>
value has_case(machine&, const value& self, arguments args) {
  const parameters none("this method", std::move(args), {});
  const auto characters = unicode::decoded(self.text());
  return std::ranges::any_of(characters, Wanted) && std::ranges::none_of(characters, Other);
}

value identifier(machine&, const value& self, arguments args) {
  const parameters none("isidentifier", std::move(args), {});
  const auto characters = unicode::decoded(self.text());
  return !characters.empty() && unicode::begins_identifier(characters.front()) &&
         std::ranges::all_of(characters, unicode::continues_identifier);
}

value title_cased(machine&, const value& self, arguments args) {
  const parameters none("istitle", std::move(args), {});
  const auto characters = unicode::decoded(self.text());
  return std::ranges::any_of(characters, unicode::is_cased) && titled(self.text()) == self.text();
}

struct named_method {
  std::string_view name;
  builtin::body run;
};

constexpr std::array<named_method, 43> methods{{
    {"capitalize", changed<capitalized>},
    {"casefold", changed<unicode::case_folded>},
    {"center", center},
    {"count", count},
    {"endswith", begins_or_ends<ends>},
    {"expandtabs", expand_tabs},
    {"find", find<false, false>},
    {"format", format},
    {"index", find<false, true>},
    {"isalnum", all_are<is_alphanumeric>},
    {"isalpha", all_are<is_letter>},
    {"isascii", ascii},
    {"isdecimal", all_are<is_decimal>},
    {"isdigit", all_are<is_digit>},
    {"isidentifier", identifier},
    {"islower", has_case<unicode::is_lower, unicode::is_upper>},
    {"isnumeric", all_are<is_numeric>},
    {"isprintable", printable},
    {"isspace", all_are<is_python_space>},
    {"istitle", title_cased},
    {"isupper", has_case<unicode::is_upper, unicode::is_lower>},
    {"join", join},
    {"ljust", justify<true>},
    {"lower", changed<unicode::to_lower>},
    {"lstrip", strip<true, false>},
    {"partition", partition<false>},
    {"removeprefix", without_prefix},
    {"removesuffix", without_suffix},
    {"replace", replace},
    {"rfind", find<true, false>},
    {"rindex", find<true, true>},
    {"rjust", justify<false>},
    {"rpartition", partition<true>},
    {"rsplit", split<true>},
    {"rstrip", strip<false, true>},
    {"split", split<false>},
    {"splitlines", lines},
    {"startswith", begins_or_ends<begins>},
    {"strip", strip<true, true>},
    {"swapcase", changed<swapped_case>},
    {"title", changed<titled>},
    {"upper", changed<unicode::to_upper>},
    {"zfill", zero_fill},
}};

} // namespace

builtin::body text_method(std::string_view name) {
  const auto found = std::ranges::find(methods, name, &named_method::name);
  return found == methods.end() ? nullptr : found->run;
}

} // namespace troupe::kernels::chat
