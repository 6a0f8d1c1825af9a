#include "kernels/chat/failure.hpp"
#include "kernels/chat/filters.hpp"
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

template<std::string (*Change)(std::string_view)>
value changed(machine& with, const value& self, arguments args) {
  const parameters none("this filter", std::move(args), {});
  return with.text(Change(to_text(self)));
}

std::string as_it_is(std::string_view text) { return std::string(text); }

std::string escaped(std::string_view text) {
  std::string to;
  for (const char c : text) {
    switch (c) {
    case '&':
      to += "&amp;";
      break;
    case '<':
      to += "&lt;";
      break;
    case '>':
      to += "&gt;";
      break;
    case '\'':
      to += "&#39;";
      break;
    case '"':
      to += "&#34;";
      break;
    default:
      to += c;
    }
  }
  return to;
}

/// Every letter behind white space, a dash or an opening bracket is upper, all others lower.
std::string titled(std::string_view text) {
  std::string to;
  bool begins = true;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    const auto c = unicode::next(text, at);
    const bool separator =
        unicode::is_white_space(c) ||
        (c < 128 && std::string_view("-({[<").find(static_cast<char>(c)) != std::string_view::npos);
    const auto one = text.substr(begin, at - begin);
    to += begins ? unicode::to_upper(one) : unicode::to_lower(one);
    begins = separator;
  }
  return to;
}

value trim(machine& with, const value& self, arguments args) {
  const parameters given("trim", std::move(args), {"chars"});
  const bool named = given.has(0) && !given.at(0).is_none();
  return with.text(stripped(to_text(self), named ? std::optional(given.text(0)) : std::nullopt, true, true));
}

value replace(machine& with, const value& self, arguments args) {
  const parameters given("replace", std::move(args), {"old", "new", "count"});
  const bool counted = given.has(2) && !given.at(2).is_none();
  return with.text(replaced(with, to_text(self), to_text(given.at(0)), to_text(given.at(1)),
                            counted ? given.whole_or(2, -1) : -1));
}

value center(machine& with, const value& self, arguments args) {
  const parameters given("center", std::move(args), {"width"});
  return with.text(centered(with, to_text(self), given.whole_or(0, 80), " "));
}

value format(machine& with, const value& self, arguments args) {
  if (!args.positional.empty() && !args.named.empty())
    give_up("can't handle positional and keyword arguments at the same time");
  if (args.named.empty())
    return with.text(format_percent(with, to_text(self), make_tuple(std::move(args.positional))));
  mapping named;
  for (auto& [name, what] : args.named)
    named.set(name, std::move(what));
  return with.text(format_percent(with, to_text(self), make_mapping(std::move(named))));
}

value indent(machine& with, const value& self, arguments args) {
  const parameters given("indent", std::move(args), {"width", "first", "blank"});
  require_defined(self);
  if (!self.is_text())
    give_up("indent wants a str, not " + type_name(self));
  const bool spelled = given.has(0) && given.at(0).is_text();
  const auto indentation = spelled ? given.text(0) : spaces(with, given.whole_or(0, 4));
  auto lines = split_lines(self.text() + "\n", false);
  std::string to = given.flag_or(1, false) ? indentation : "";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool indented = i > 0 && (given.flag_or(2, false) || !lines[i].empty());
    with.hold(lines[i].size() + (indented ? indentation.size() : 0) + 1);
    to += (i > 0 ? "\n" : "") + (indented ? indentation : "") + lines[i];
  }
  return with.text(std::move(to));
}

value truncate(machine& with, const value& self, arguments args) {
  const parameters given("truncate", std::move(args), {"length", "killwords", "end", "leeway"});
  const auto text = unicode::decoded(to_text(self));
  const auto size = static_cast<std::int64_t>(length_of(self));
  const auto end = given.text_or(2, "...");
  const auto length = given.whole_or(0, 255);
  const auto end_length = static_cast<std::int64_t>(unicode::length(end));
  const auto leeway = given.has(3) && !given.at(3).is_none() ? given.whole_or(3, 5) : 5;
  if (length < end_length)
    give_up("expected length >= " + std::to_string(end_length) + ", got " + std::to_string(length));
  if (leeway < 0)
    give_up("expected leeway >= 0, got " + std::to_string(leeway));
  if (size <= length + leeway)
    return self;
  if (!self.is_text())
    give_up("truncate wants a str, not " + type_name(self));
  auto cut = text.substr(0, static_cast<std::size_t>(length - end_length));
  if (!given.flag_or(1, false))
    cut = cut.substr(0, cut.rfind(U' ')); // all of it where there is no space
  std::string to;
  for (const auto c : cut)
    unicode::append(to, c);
  return with.text(to + end);
}

value word_count(machine&, const value& self, arguments args) {
  const parameters none("wordcount", std::move(args), {});
  const auto text = to_text(self);
  std::int64_t words = 0;
  bool inside = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = unicode::next(text, at);
    const bool word = c == '_' || unicode::is_numeric(c) || unicode::is_in(c, unicode::categories::letter);
    words += word && !inside ? 1 : 0;
    inside = word;
  }
  return words;
}

std::string without_tags(std::string_view text) {
  std::string to;
  for (std::size_t at = 0; at < text.size();) {
    const bool comment = text.substr(at).starts_with("<!--");
    const auto end = text[at] != '<' ? text.npos : comment ? text.find("-->", at) : text.find('>', at);
    if (end == text.npos)
      to += text[at++];
    else
      at = end + (comment ? 3 : 1);
  }
  std::string words;
  for (const auto& word : split_words(to, -1))
    words += (words.empty() ? "" : " ") + word;
  return words;
}

std::string percent_encoded(std::string_view text, bool query) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string to;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (plain.find(c) != plain.npos || (c == '/' && !query))
      to += c;
    else if (c == ' ' && query)
      to += '+';
    else
      ((to += '%') += digits[byte >> 4]) += digits[byte & 15];
  }
  return to;
}

value url_encode(machine& with, const value& self, arguments args) {
  const parameters none("urlencode", std::move(args), {});
  if (!self.is_mapping() && (self.is_text() || !self.is_sequence()))
    return with.text(percent_encoded(to_text(self), false));
  std::string to;
  for (const auto& item : to_list(with, self)) {
    const auto pair =
        self.is_mapping() ? value_list{item, *self.entries().find_key(item)} : to_list(with, item);
    if (pair.size() != 2)
      give_up("urlencode wants pairs");
    to += (to.empty() ? "" : "&") + percent_encoded(to_text(pair[0]), true) + "=" +
          percent_encoded(to_text(pair[1]), true);
  }
  return with.text(std::move(to));
}

/// Words of one paragraph, put into lines as Python's textwrap does without its finer rules about dashes.
void wrap_paragraph(const std::string& paragraph, std::size_t width, bool cut_long, std::string_view line_end,
                    std::string& to) {
  std::string line;
  std::size_t used = 0;
  const auto flush = [&] {
    to += line + std::string(line_end);
    line.clear();
    used = 0;
  };
  for (auto word : split_words(paragraph, -1)) {
    auto size = unicode::length(word);
    if (used > 0 && used + 1 + size > width)
      flush();
    while (cut_long && size > width) {
      std::size_t at = 0;
      for (std::size_t i = 0; i < width; ++i)
        unicode::next(word, at);
      line = word.substr(0, at);
      flush();
      word.erase(0, at);
      size -= width;
    }
    line += (used > 0 ? " " : "") + word;
    used += size + (used > 0 ? 1 : 0);
  }
  to += line;
}

value word_wrap(machine& with, const value& self, arguments args) {
  const parameters given("wordwrap", std::move(args), {"width", "break_long_words", "wrapstring"});
  const auto width = given.whole_or(0, 79);
  if (width <= 0)
    give_up("invalid width " + std::to_string(width) + " (must be > 0)");
  const auto line_end = given.has(2) && !given.at(2).is_none() ? given.text(2) : "\n";
  std::string to;
  bool first = true;
  for (const auto& line : split_lines(to_text(self), false)) {
    to += first ? "" : line_end;
    first = false;
    wrap_paragraph(line, static_cast<std::size_t>(width), given.flag_or(1, true), line_end, to);
    with.hold(to.size() / 4);
  }
  return with.text(std::move(to));
}

constexpr std::array<named_function, 19> functions{{{"capitalize", changed<capitalized>},
                                                    {"center", center},
                                                    {"e", changed<escaped>},
                                                    {"escape", changed<escaped>},
                                                    {"forceescape", changed<escaped>},
                                                    {"format", format},
                                                    {"indent", indent},
                                                    {"lower", changed<unicode::to_lower>},
                                                    {"replace", replace},
                                                    {"safe", changed<as_it_is>},
                                                    {"string", changed<as_it_is>},
                                                    {"striptags", changed<without_tags>},
                                                    {"title", changed<titled>},
                                                    {"trim", trim},
                                                    {"truncate", truncate},
                                                    {"upper", changed<unicode::to_upper>},
                                                    {"urlencode", url_encode},
                                                    {"wordcount", word_count},
                                                    {"wordwrap", word_wrap}}};

} // namespace

builtin::body text_filter(std::string_view name) {
  const auto found = std::ranges::find(functions, name, &named_function::name);
  return found == functions.end() ? nullptr : found->run;
}

} // namespace troupe::kernels::chat
