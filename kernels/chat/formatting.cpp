#include "kernels/chat/formatting.hpp"

#include "kernels/chat/attributes.hpp"
#include "kernels/chat/failure.hpp"
#include "kernels/chat/machine.hpp"
#include "kernels/chat/python.hpp"
#include "kernels/unicode/utf8.hpp"

#include <array>
#include <cmath>

namespace troupe::kernels::chat {

namespace {

struct layout {
  std::string fill = " ";
  char align = 0; // 0: as the type does
  char sign = '-';
  bool alternate = false;
  bool zeros = false;
  char grouping = 0;
  std::size_t width = 0;
  std::optional<std::size_t> precision;
  char type = 0;
};

std::size_t number_in(std::string_view text, std::size_t& at) {
  std::size_t number = 0;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
    number = number * 10 + static_cast<std::size_t>(text[at++] - '0');
    if (number > format_width_max)
      give_up("a format wider than " + std::to_string(format_width_max));
  }
  return number;
}

layout read_layout(std::string_view text) {
  layout how;
  std::size_t at = 0;
  const auto is_align = [&](std::size_t place) {
    return place < text.size() && std::string_view("<>=^").find(text[place]) != std::string_view::npos;
  };
  if (!text.empty()) {
    std::size_t second = 0;
    unicode::next(text, second);
    if (is_align(second)) {
      how.fill = std::string(text.substr(0, second));
      how.align = text[second];
      at = second + 1;
    } else if (is_align(0)) {
      how.align = text[at++];
    }
  }
  const auto flag = [&](std::string_view letters) {
    return at < text.size() && letters.find(text[at]) != letters.npos;
  };
  if (flag("+- "))
    how.sign = text[at++];
  if (flag("#"))
    how.alternate = text[at++] == '#';
  if (flag("0"))
    how.zeros = text[at++] == '0';
  how.width = number_in(text, at);
  if (flag(",_"))
    how.grouping = text[at++];
  if (flag(".")) {
    ++at;
    how.precision = number_in(text, at);
  }
  if (at < text.size())
    how.type = text[at++];
  if (at != text.size())
    give_up("Invalid format specifier");
  return how;
}

std::string padded(std::string body, std::string_view sign, const layout& how, char usual_align) {
  const auto size = unicode::length(body) + sign.size();
  const auto gap = how.width > size ? how.width - size : 0;
  const char align = how.align != 0 ? how.align : how.zeros ? '=' : usual_align;
  const std::string fill = how.align == 0 && how.zeros ? "0" : how.fill;
  const auto filling = [&fill](std::size_t count) {
    std::string all;
    for (; count > 0; --count)
      all += fill;
    return all;
  };
  const std::string whole = std::string(sign) + body;
  switch (align) {
  case '<':
    return whole + filling(gap);
  case '^':
    return filling(gap / 2) + whole + filling(gap - gap / 2);
  case '=':
    return std::string(sign) + filling(gap) + body;
  default:
    return filling(gap) + whole;
  }
}

std::string grouped(std::string digits, char separator) {
  const auto whole = std::min(digits.find_first_not_of("0123456789"), digits.size());
  for (auto at = whole; at > 3; at -= 3)
    digits.insert(at - 3, 1, separator);
  return digits;
}

std::string digits_in_base(std::uint64_t number, unsigned base, bool upper) {
  const std::string_view letters = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string digits;
  do
    digits.insert(digits.begin(), letters[number % base]);
  while ((number /= base) > 0);
  return digits;
}

std::string_view sign_of(bool negative, const layout& how) {
  return negative ? "-" : how.sign == '+' ? "+" : how.sign == ' ' ? " " : "";
}

std::string format_whole(std::int64_t number, const layout& how) {
  const bool negative = number < 0;
  const auto magnitude =
      negative ? ~static_cast<std::uint64_t>(number) + 1 : static_cast<std::uint64_t>(number);
  const std::string_view prefixes = how.type == 'x'   ? "0x"
                                    : how.type == 'X' ? "0X"
                                    : how.type == 'o' ? "0o"
                                                      : "0b";
  const unsigned base = how.type == 'x' || how.type == 'X' ? 16
                        : how.type == 'o'                  ? 8
                        : how.type == 'b'                  ? 2
                                                           : 10;
  auto digits = digits_in_base(magnitude, base, how.type == 'X');
  if (how.grouping != 0)
    digits = grouped(std::move(digits), how.grouping);
  const auto prefix = how.alternate && base != 10 ? std::string(prefixes) : std::string();
  return padded(std::move(digits), std::string(sign_of(negative, how)) + prefix, how, '>');
}

std::string printed(double number, char type, std::size_t precision, bool alternate) {
  const std::string format = std::string("%") + (alternate ? "#" : "") + ".*" + type;
  const auto size = std::snprintf(nullptr, 0, format.c_str(), static_cast<int>(precision), number);
  std::string text(static_cast<std::size_t>(size) + 1, '\0');
  std::snprintf(text.data(), text.size(), format.c_str(), static_cast<int>(precision), number);
  text.pop_back();
  return text;
}

std::string format_real(double number, layout how) {
  const bool negative = std::signbit(number) && !std::isnan(number);
  const auto magnitude = std::abs(number);
  std::string digits;
  const auto precision = how.precision.value_or(6);
  if (how.type == '%')
    digits = printed(magnitude * 100, 'f', precision, how.alternate) + "%";
  else if (how.type == 0 && !how.precision)
    digits = shown_real(magnitude);
  else if (how.type == 0)
    digits = printed(magnitude, 'g', std::max<std::size_t>(precision, 1), how.alternate);
  else
    digits = printed(magnitude, how.type, precision, how.alternate);
  if (how.grouping != 0)
    digits = grouped(std::move(digits), how.grouping);
  return padded(std::move(digits), sign_of(negative, how), how, '>');
}

std::string cut(const std::string& text, const std::optional<std::size_t>& precision) {
  if (!precision)
    return text;
  std::size_t at = 0;
  for (std::size_t i = 0; i < *precision && at < text.size(); ++i)
    unicode::next(text, at);
  return text.substr(0, at);
}

bool is_one_of(char type, std::string_view letters) { return letters.find(type) != letters.npos; }

} // namespace

std::string format_value(machine& with, const value& what, std::string_view specification) {
  const auto how = read_layout(specification);
  with.hold(how.width + how.precision.value_or(0));
  if (const auto whole = what.whole(); whole && !(what.is_boolean() && specification.empty())) {
    if (how.type == 'c')
      return padded(unicode::encoded(static_cast<char32_t>(*whole & 0xfffff)), "", how, '<');
    if (how.type == 0 || is_one_of(how.type, "dnxXob"))
      return format_whole(*whole, how);
  }
  if (const auto number = what.number(); number && is_one_of(how.type, "eEfFgG%"))
    return format_real(*number, how);
  if (what.is_real() && how.type == 0)
    return format_real(what.real(), how);
  if (what.is_text() || specification.empty()) {
    if (how.type != 0 && how.type != 's')
      give_up("Unknown format code for object of type '" + type_name(what) + "'");
    return padded(cut(to_text(what), how.precision), "", how, '<');
  }
  give_up("unsupported format string passed to " + type_name(what));
}

namespace {

/// The arguments of a "%" format, taken one after another or by name.
class percent_arguments {
public:
  explicit percent_arguments(const value& given)
      : given_(given) {}

  value next() {
    const bool tuple = given_.is_sequence() && given_.items().kind == sequence_kind::tuple;
    const auto count = tuple ? given_.items().items.size() : 1;
    if (taken_ >= count)
      give_up("not enough arguments for format string");
    return tuple ? given_.items().items[taken_++] : (++taken_, given_);
  }

  value named(const std::string& name) {
    by_name_ = true;
    const auto* found = given_.is_mapping() ? given_.entries().find(std::string_view(name)) : nullptr;
    if (found == nullptr)
      give_up("the format wants \"" + name + "\"");
    return *found;
  }

  void check_all_taken() const {
    const bool tuple = given_.is_sequence() && given_.items().kind == sequence_kind::tuple;
    const bool by_key =
        given_.is_mapping() || given_.is_sequence() || given_.is_object() || given_.is_undefined();
    const bool left = tuple ? taken_ < given_.items().items.size() : taken_ == 0 && !by_key;
    if (!by_name_ && left)
      give_up("not all arguments converted during string formatting");
  }

private:
  const value& given_;
  std::size_t taken_ = 0;
  bool by_name_ = false;
};

class percent_formatter {
public:
  percent_formatter(machine& with, std::string_view format, const value& given)
      : with_(with)
      , format_(format)
      , given_(given) {}

  std::string run() {
    while (at_ < format_.size()) {
      if (format_[at_] != '%')
        to_ += format_[at_++];
      else
        directive();
    }
    given_.check_all_taken();
    return std::move(to_);
  }

private:
  void directive() {
    ++at_;
    std::optional<value> what;
    if (at_ < format_.size() && format_[at_] == '(') {
      const auto end = format_.find(')', at_);
      if (end == format_.npos)
        give_up("incomplete format key");
      what = given_.named(std::string(format_.substr(at_ + 1, end - at_ - 1)));
      at_ = end + 1;
    }
    layout how;
    read_flags(how);
    if (at_ >= format_.size())
      give_up("incomplete format");
    const char type = format_[at_++];
    if (type == '%') {
      to_ += '%';
      return;
    }
    with_.hold(how.width + how.precision.value_or(0));
    to_ += converted(type, what ? *what : given_.next(), how);
  }

  void read_flags(layout& how) {
    for (; at_ < format_.size(); ++at_) {
      const char flag = format_[at_];
      if (flag == '-')
        how.align = '<';
      else if (flag == '+' || flag == ' ')
        how.sign = flag;
      else if (flag == '0')
        how.zeros = true;
      else if (flag == '#')
        how.alternate = true;
      else
        break;
    }
    how.width = starred(number_in(format_, at_));
    if (at_ < format_.size() && format_[at_] == '.') {
      ++at_;
      how.precision = starred(number_in(format_, at_));
    }
  }

  std::size_t starred(std::size_t number) {
    if (at_ >= format_.size() || format_[at_] != '*')
      return number;
    ++at_;
    const auto given = to_index(given_.next(), "the width");
    if (given < 0 || static_cast<std::size_t>(given) > format_width_max)
      give_up("a format wider than " + std::to_string(format_width_max));
    return static_cast<std::size_t>(given);
  }

  std::string converted(char type, const value& what, layout how) {
    if (type == 's' || type == 'r' || type == 'a') {
      how.zeros = false;
      return padded(cut(type == 's' ? to_text(what) : shown(what), how.precision), "", how, '>');
    }
    if (type == 'c') {
      const auto text = what.is_text()
                            ? what.text()
                            : unicode::encoded(static_cast<char32_t>(to_index(what, "%c") & 0xfffff));
      if (unicode::length(text) != 1)
        give_up("%c requires int or char");
      return padded(text, "", how, '>');
    }
    const auto number = what.number();
    if (!number)
      give_up(std::string("%") + type + " format: a real number is required, not " + type_name(what));
    how.type = type == 'i' || type == 'u' ? 'd' : type;
    if (is_one_of(how.type, "eEfFgG"))
      return format_real(*number, how);
    if (!is_one_of(how.type, "dxXo"))
      give_up(std::string("unsupported format character '") + type + "'");
    const auto whole = what.whole();
    if (!whole && (how.type != 'd' || !(std::abs(*number) < 9e18)))
      give_up(std::string("%") + type + " format: an integer is required, not " + type_name(what));
    how.precision.reset();
    return format_whole(whole ? *whole : static_cast<std::int64_t>(*number), how);
  }

  machine& with_;
  std::string_view format_;
  percent_arguments given_;
  std::size_t at_ = 0;
  std::string to_;
};

} // namespace

std::string format_percent(machine& with, std::string_view format, const value& arguments) {
  return percent_formatter(with, format, arguments).run();
}

namespace {

class brace_formatter {
public:
  brace_formatter(machine& with, const arguments& args)
      : with_(with)
      , args_(args) {}

  std::string run(std::string_view format, int depth) {
    if (depth > 2)
      give_up("Max string recursion exceeded");
    std::string to;
    for (std::size_t at = 0; at < format.size();) {
      const char c = format[at];
      if ((c == '{' || c == '}') && at + 1 < format.size() && format[at + 1] == c) {
        to += c;
        at += 2;
      } else if (c == '}') {
        give_up("Single '}' encountered in format string");
      } else if (c == '{') {
        const auto end = closing(format, at);
        to += field(format.substr(at + 1, end - at - 1), depth);
        at = end + 1;
      } else {
        to += c;
        ++at;
      }
    }
    return to;
  }

private:
  static std::size_t closing(std::string_view format, std::size_t at) {
    int open = 0;
    for (; at < format.size(); ++at) {
      open += format[at] == '{' ? 1 : format[at] == '}' ? -1 : 0;
      if (open == 0)
        return at;
    }
    give_up("expected '}' before end of string");
  }

  std::string field(std::string_view text, int depth) {
    const auto name_end = std::min(text.find_first_of("!:"), text.size());
    auto what = found(text.substr(0, name_end));
    auto rest = text.substr(name_end);
    if (rest.starts_with('!') && rest.size() >= 2) {
      what = rest[1] == 'r' ? with_.text(shown(what)) : with_.text(to_text(what));
      rest.remove_prefix(2);
    }
    if (!rest.empty() && !rest.starts_with(':'))
      give_up("expected ':' after conversion specifier");
    return format_value(with_, what, rest.empty() ? "" : run(rest.substr(1), depth + 1));
  }

  value found(std::string_view path) {
    const auto head = path.substr(0, path.find_first_of(".["));
    auto what = first(head);
    path.remove_prefix(head.size());
    while (!path.empty()) {
      const bool item = path.front() == '[';
      const auto end = item ? path.find(']') : std::min(path.find_first_of(".[", 1), path.size());
      if (end == path.npos)
        give_up("Missing ']' in format string");
      const auto key = std::string(path.substr(1, end - 1));
      const bool digits = !key.empty() && key.find_first_not_of("0123456789") == key.npos && key.size() < 10;
      what = !item    ? get_attribute(with_, what, key)
             : digits ? get_item(with_, what, value(static_cast<std::int64_t>(std::stol(key))))
                      : get_item(with_, what, value(key));
      path.remove_prefix(item ? end + 1 : end);
    }
    return what;
  }

  value first(std::string_view head) {
    const bool digits = head.find_first_not_of("0123456789") == head.npos && head.size() < 10;
    if (digits) {
      const auto at = head.empty() ? next_++ : static_cast<std::size_t>(std::stoul(std::string(head)));
      if (at >= args_.positional.size())
        give_up("Replacement index " + std::to_string(at) + " out of range for positional args tuple");
      return args_.positional[at];
    }
    for (const auto& [name, what] : args_.named)
      if (name == head)
        return what;
    give_up("the format wants \"" + std::string(head) + "\"");
  }

  machine& with_;
  const arguments& args_;
  std::size_t next_ = 0;
};

} // namespace

std::string format_braces(machine& with, std::string_view format, const arguments& args) {
  return brace_formatter(with, args).run(format, 0);
}

} // namespace troupe::kernels::chat
