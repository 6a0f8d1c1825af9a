#include "config/expression/text.hpp"
#include "config/expression/token.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace troupe::expression {
namespace {

constexpr std::array<std::string_view, 17> reserved{
    "as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
    "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};

// Longer marks first: `<=` is no `<`.
constexpr std::array<std::string_view, 25> marks{"&&", "||", "==", "!=", "<=", ">=", "??", "?", ":",
                                                 ",",  ".",  "(",  ")",  "[",  "]",  "{",  "}", "<",
                                                 ">",  "+",  "-",  "*",  "/",  "%",  "!"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool starts_name(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool in_name(char c) { return starts_name(c) || is_digit(c); }
bool in_quoted_name(char c) { return in_name(c) || c == '.' || c == '-' || c == '/' || c == ' '; }

tl::unexpected<problem> wrong(span at, std::string message, std::string hint = {}) {
  return tl::unexpected(problem{code::syntax, std::move(message), at, std::move(hint)});
}

tl::unexpected<problem> too_large(span at, std::string_view what) {
  return tl::unexpected(problem{code::range, "the number does not fit " + std::string(what), at, {}});
}

// r"…", b'…' and their mixtures, bytes first.
bool is_prefix(std::string_view word) {
  return word == "r" || word == "R" || word == "b" || word == "B" || word == "br" || word == "bR" ||
         word == "Br" || word == "BR";
}

} // namespace

bool is_reserved(std::string_view name) noexcept {
  return std::ranges::find(reserved, name) != reserved.end();
}

void lexer::skip_space() noexcept {
  for (;;) {
    const char c = peek();
    if (at_ < text_.size() && (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'))
      ++at_;
    else if (c == '/' && peek(1) == '/')
      at_ = std::min(text_.find('\n', at_), text_.size());
    else
      return;
  }
}

token lexer::take(token_kind kind, std::size_t begin) const {
  return {kind, {begin, at_}, text_.substr(begin, at_ - begin), {}, false};
}

tl::expected<token, problem> lexer::next() {
  skip_space();
  const std::size_t begin = at_;
  if (at_ == text_.size())
    return take(token_kind::end, begin);
  const char c = peek();
  if (starts_name(c)) {
    token word = name(begin);
    if ((peek() == '"' || peek() == '\'') && is_prefix(word.text))
      return quoted(begin, word.text);
    return word;
  }
  if (c == '"' || c == '\'')
    return quoted(begin, "");
  if (c == '`')
    return quoted_name(begin);
  if (is_digit(c) || (c == '.' && is_digit(peek(1))))
    return number(begin);
  return mark(begin);
}

token lexer::name(std::size_t begin) {
  while (in_name(peek()))
    ++at_;
  token word = take(token_kind::name, begin);
  if (word.text == "in")
    word.is = token_kind::word_in;
  else if (word.text == "true" || word.text == "false" || word.text == "null")
    word.is = token_kind::literal;
  if (word.text == "true" || word.text == "false")
    word.literal = value::of(word.text == "true");
  return word;
}

tl::expected<token, problem> lexer::quoted_name(std::size_t begin) {
  ++at_;
  while (in_quoted_name(peek()))
    ++at_;
  if (peek() != '`')
    return wrong({begin, at_ + (at_ < text_.size() ? 1 : 0)}, "a name in backquotes has no end here",
                 "it may hold letters, digits, spaces and _ . - /");
  ++at_;
  if (at_ - begin == 2)
    return wrong({begin, at_}, "a name in backquotes is empty");
  token name = take(token_kind::quoted_name, begin);
  name.text = name.text.substr(1, name.text.size() - 2);
  return name;
}

tl::expected<token, problem> lexer::number(std::size_t begin) {
  const bool hex = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X') && is_hex(peek(2));
  bool real = false;
  if (hex) {
    at_ += 2;
    while (is_hex(peek()))
      ++at_;
  } else {
    while (is_digit(peek()))
      ++at_;
    real = peek() == '.' && is_digit(peek(1));
    for (at_ += real ? 1 : 0; real && is_digit(peek());)
      ++at_;
    const bool has_sign = peek(1) == '+' || peek(1) == '-';
    if ((peek() == 'e' || peek() == 'E') && is_digit(peek(has_sign ? 2 : 1))) {
      real = true;
      for (at_ += has_sign ? 2 : 1; is_digit(peek());)
        ++at_;
    }
  }
  token read = take(token_kind::literal, begin);
  const bool is_uint = !real && (peek() == 'u' || peek() == 'U');
  at_ += is_uint ? 1 : 0;
  if (in_name(peek()))
    return wrong({begin, at_ + 1}, "a number runs into a letter", "put a space or an operator between them");
  const std::string_view digits = hex ? read.text.substr(2) : read.text;
  read.at.end = at_;
  if (real) {
    const auto number = read_double(digits);
    if (!number)
      return too_large(read.at, "a double");
    read.literal = value::of(*number);
    return read;
  }
  std::uint64_t number = 0;
  const auto failure =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, hex ? 16 : 10).ec;
  read.is_large = !is_uint && number == 1ULL << 63;
  if (failure != std::errc{} || (!is_uint && number > INT64_MAX && !read.is_large))
    return too_large(read.at, is_uint ? "a uint" : "an int");
  read.literal = is_uint ? value::of(number) : value::of(static_cast<std::int64_t>(number));
  return read;
}

tl::expected<token, problem> lexer::mark(std::size_t begin) {
  for (const std::string_view m : marks) {
    if (text_.substr(begin).starts_with(m)) {
      at_ += m.size();
      return take(token_kind::mark, begin);
    }
  }
  at_ += std::max<std::size_t>(1, character_length(text_.substr(at_)));
  const std::string shown(text_.substr(begin, at_ - begin));
  std::string hint;
  if (shown == "=" || shown == "&" || shown == "|")
    hint = "write " + shown + shown;
  return wrong({begin, at_}, "\"" + shown + "\" means nothing in an expression", hint);
}

tl::expected<token, problem> lexer::quoted(std::size_t begin, std::string_view prefix) {
  const bool raw = prefix.find_first_of("rR") != prefix.npos;
  const bool bytes = prefix.find_first_of("bB") != prefix.npos;
  const std::string_view from = text_.substr(at_);
  const std::string_view mark =
      from.starts_with("\"\"\"") || from.starts_with("'''") ? from.substr(0, 3) : from.substr(0, 1);
  at_ += mark.size();
  const std::size_t content = at_;
  while (!text_.substr(at_).starts_with(mark)) {
    const char c = peek();
    if (at_ == text_.size() || (mark.size() == 1 && (c == '\n' || c == '\r')))
      return wrong({begin, at_}, "a string has no end", "it began with " + std::string(mark));
    at_ += c == '\\' && !raw && at_ + 1 < text_.size() ? 2 : 1;
  }
  const std::string_view inside = text_.substr(content, at_ - content);
  at_ += mark.size();
  token read = take(token_kind::literal, begin);
  std::string decoded(inside);
  if (!raw) {
    auto done = bytes ? unescape_bytes(inside) : unescape_text(inside);
    if (!done)
      return wrong({content + done.error().begin, content + done.error().end},
                   bytes ? "no escape of bytes" : "no escape of a string",
                   R"(\n \t \\ \" \x41 \101)" + std::string(bytes ? "" : R"( \u00e9 \U0001f62c)") +
                       " are; r\"…\" takes a backslash as it is");
    decoded = *std::move(done);
  }
  read.literal = bytes ? value::bytes(std::move(decoded)) : value::text(std::move(decoded));
  return read;
}

} // namespace troupe::expression
