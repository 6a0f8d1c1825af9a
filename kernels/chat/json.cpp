#include "kernels/chat/json.hpp"

#include "kernels/chat/failure.hpp"
#include "kernels/chat/machine.hpp"
#include "kernels/chat/python.hpp"
#include "kernels/unicode/utf8.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace troupe::kernels::chat {

namespace {

/// Builds values as the parser meets them.
class value_builder : public nlohmann::json_sax<nlohmann::json> {
public:
  value made;
  std::string problem;

  bool null() override { return put({}); }
  bool boolean(bool v) override { return put(v); }
  bool number_integer(number_integer_t v) override { return put(v); }
  bool number_unsigned(number_unsigned_t v) override {
    return v <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
               ? put(static_cast<std::int64_t>(v))
               : put(value::large_integer(std::to_string(v)));
  }
  bool number_float(number_float_t v, const string_t& spelled) override {
    const bool integer = spelled.find_first_of(".eE") == spelled.npos;
    return put(integer ? value::large_integer(spelled) : value(v));
  }
  bool string(string_t& v) override { return put(std::move(v)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(true); }
  bool start_array(std::size_t) override { return open(false); }
  bool key(string_t& name) override {
    open_.back().keys.push_back(std::move(name));
    return true;
  }
  bool end_object() override {
    mapping all;
    auto& level = open_.back();
    for (std::size_t i = 0; i < level.items.size(); ++i)
      all.set(std::move(level.keys[i]), std::move(level.items[i]));
    open_.pop_back();
    return put(make_mapping(std::move(all)));
  }
  bool end_array() override {
    auto items = std::move(open_.back().items);
    open_.pop_back();
    return put(make_list(std::move(items)));
  }
  bool parse_error(std::size_t at, const std::string&, const nlohmann::json::exception&) override {
    problem = "no JSON at byte " + std::to_string(at);
    return false;
  }

private:
  struct level {
    value_list items;
    std::vector<std::string> keys;
    bool object = false;
  };

  bool open(bool object) {
    if (open_.size() >= value_depth_max - 1) {
      problem = "JSON nested deeper than " + std::to_string(value_depth_max);
      return false;
    }
    open_.push_back({{}, {}, object});
    return true;
  }

  bool put(value v) {
    if (open_.empty())
      made = std::move(v);
    else
      open_.back().items.push_back(std::move(v));
    return true;
  }

  std::vector<level> open_;
};

} // namespace

result<value> read_json(std::string_view text) {
  value_builder builder;
  if (!nlohmann::json::sax_parse(text, &builder))
    return fail(fault::invalid, builder.problem.empty() ? "no JSON" : builder.problem);
  return std::move(builder.made);
}

namespace {

class writer {
public:
  writer(machine& with, const json_layout& how)
      : with_(with)
      , how_(how) {}

  std::string run(const value& what) {
    write(what);
    return std::move(to_);
  }

private:
  void write(const value& what) {
    with_.spend();
    if (to_.size() > with_.limits().working_bytes)
      give_up("JSON beyond the limit");
    if (what.is_none())
      to_ += "null";
    else if (what.is_boolean())
      to_ += what.boolean() ? "true" : "false";
    else if (what.is_real())
      to_ += number(what.real());
    else if (what.is_integer())
      to_ += shown(what);
    else if (what.is_text())
      text(what.text());
    else if (what.is_mapping())
      object(what.entries());
    else if (what.is_sequence() && what.items().kind <= sequence_kind::group)
      array(what.items().items);
    else
      give_up("Object of type " + type_name(what) + " is not JSON serializable");
  }

  static std::string number(double v) {
    if (std::isnan(v))
      return "NaN";
    return std::isinf(v) ? (v < 0 ? "-Infinity" : "Infinity") : shown_real(v);
  }

  void escaped(char32_t c) {
    constexpr std::string_view digits = "0123456789abcdef";
    to_ += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
      to_ += digits[(c >> shift) & 15];
  }

  void character(char32_t c) {
    constexpr std::string_view plain = "\"\\\n\r\t\b\f";
    constexpr std::string_view letters = "\"\\nrtbf";
    if (const auto at = c < 128 ? plain.find(static_cast<char>(c)) : plain.npos; at != plain.npos) {
      (to_ += '\\') += letters[at];
    } else if (c < 0x20 || (c > 0x7e && how_.ascii_only && c < 0x10000)) {
      escaped(c);
    } else if (how_.ascii_only && c >= 0x10000) {
      escaped(0xd7c0 + (c >> 10));
      escaped(0xdc00 + (c & 0x3ff));
    } else {
      unicode::append(to_, c);
    }
  }

  void text(const std::string& what) {
    to_ += '"';
    for (std::size_t at = 0; at < what.size();)
      character(unicode::next(what, at));
    to_ += '"';
  }

  void new_line() {
    if (!how_.indent)
      return;
    to_ += '\n';
    for (std::size_t i = 0; i < level_; ++i)
      to_ += *how_.indent;
  }

  void key(const value& what) {
    if (what.is_text())
      return text(what.text());
    if (!what.is_number() && !what.is_none())
      give_up("keys must be str, int, float, bool or None, not " + type_name(what));
    to_ += '"';
    write(what);
    to_ += '"';
  }

  void object(const mapping& all) {
    auto entries = all.entries();
    if (how_.sorted)
      std::ranges::stable_sort(
          entries, [](const auto& a, const auto& b) { return compare(a.first, b.first, "<") < 0; });
    to_ += '{';
    ++level_;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      to_ += i > 0 ? how_.item_separator : "";
      new_line();
      key(entries[i].first);
      to_ += how_.key_separator;
      write(entries[i].second);
    }
    --level_;
    if (!entries.empty())
      new_line();
    to_ += '}';
  }

  void array(const value_list& all) {
    to_ += '[';
    ++level_;
    for (std::size_t i = 0; i < all.size(); ++i) {
      to_ += i > 0 ? how_.item_separator : "";
      new_line();
      write(all[i]);
    }
    --level_;
    if (!all.empty())
      new_line();
    to_ += ']';
  }

  machine& with_;
  const json_layout& how_;
  std::string to_;
  std::size_t level_ = 0;
};

} // namespace

std::string to_json(machine& with, const value& what, const json_layout& how) {
  return writer(with, how).run(what);
}

} // namespace troupe::kernels::chat
