#include "kernels/grammar/number_machine.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

namespace {

constexpr number_machine::state_id unknown = ~0u;
// Exponents that limited numbers may have: beyond them a plain number is written, or none.
constexpr int limited_exponent_least = -20;
constexpr int limited_exponent_most = 25;
// What a double still holds, for any digits in front of the point and for a single one.
constexpr std::size_t exponent_digits_max = 3;
constexpr int exponent_max = 99;
constexpr int scientific_exponent_max = 307;

int symbol(char byte) {
  static constexpr std::string_view symbols = "0123456789.eE+-";
  const auto at = symbols.find(byte);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

int value_of(const std::string& exponent, bool down) {
  const auto value = exponent.empty() ? 0 : std::stoi(exponent);
  return down ? -value : value;
}

/// The exponent that these digits can still become, zeros in front included.
bool can_become(const std::string& exponent, bool down, int wanted) {
  if ((wanted < 0) != down && wanted != 0)
    return false;
  const auto digits = std::to_string(std::abs(wanted));
  const auto zeros = std::min(exponent.find_first_not_of('0'), exponent.size());
  if (wanted == 0)
    return zeros == exponent.size();
  return zeros + digits.size() <= exponent_digits_max &&
         std::string_view(digits).starts_with(std::string_view(exponent).substr(zeros));
}

} // namespace

number_machine::number_machine(bool exponents)
    : exponents_(exponents)
    , states_(1) {}

number_machine::state_id number_machine::begin(const number_set& set) {
  const auto at = std::find(sets_.begin(), sets_.end(), set);
  const auto index = static_cast<std::uint32_t>(at - sets_.begin());
  if (at == sets_.end())
    sets_.push_back(set);
  return enter({}, index);
}

number_machine::state_id number_machine::step(state_id at, char byte) {
  const auto index = symbol(byte);
  if (index < 0 || at == dead || full())
    return dead;
  const auto place = static_cast<std::size_t>(index);
  if (const auto known = states_[at].next[place]; known != dead)
    return known == unknown ? dead : known;
  auto text = states_[at].text;
  const auto set = states_[at].set;
  const bool free = sets_[set].size() == 1 && sets_[set][0].is_free();
  auto to = dead;
  if (advance(text, byte, exponents_) && fits(text, free))
    to = enter(std::move(text), set);
  states_[at].next[place] = to == dead ? unknown : to;
  return to;
}

bool number_machine::advance(spelled& text, char byte, bool exponents) {
  const bool digit = is_digit(byte);
  switch (text.where) {
  case place::begin:
  case place::minus:
    if (byte == '-' && text.where == place::begin) {
      text.where = place::minus;
      text.negative = true;
      return true;
    }
    text.where = byte == '0' ? place::zero : place::whole;
    text.digits = byte;
    text.whole = 1;
    return digit;
  case place::zero:
  case place::whole:
    if (digit && text.where == place::whole) {
      text.digits += byte;
      ++text.whole;
      return true;
    }
    if (byte == '.') {
      text.where = place::point;
      return true;
    }
    break;
  case place::point:
  case place::broken:
    if (digit) {
      text.where = place::broken;
      text.digits += byte;
      return true;
    }
    if (text.where == place::point)
      return false;
    break;
  case place::e:
    if (byte == '+' || byte == '-') {
      text.where = place::sign;
      text.down = byte == '-';
      return true;
    }
    [[fallthrough]];
  case place::sign:
  case place::exponent:
    text.where = place::exponent;
    text.exponent += byte;
    return digit;
  }
  text.where = place::e;
  return exponents && (byte == 'e' || byte == 'E');
}

bool number_machine::fits(const spelled& text, bool free) const {
  if (text.whole > whole_max || text.digits.size() - text.whole > broken_max ||
      text.exponent.size() > exponent_digits_max)
    return false;
  const bool scientific = text.whole == 1 && text.digits[0] != '0';
  if (text.where >= place::e && !free && !scientific)
    return false;
  return text.down || value_of(text.exponent, false) <= (scientific ? scientific_exponent_max : exponent_max);
}

std::string number_machine::plain_outlook(const spelled& text, const number_range& range) const {
  std::string answers;
  if (text.digits.empty())
    return {static_cast<char>(covered(range, {{}, std::nullopt}))};
  if (text.where != place::whole) {
    const auto whole = static_cast<int>(text.whole);
    const auto end = with_last_digit_raised(text.digits, whole);
    return {static_cast<char>(covered(range, {make_decimal(false, text.digits, whole), end}))};
  }
  const auto without_high = !range.high;
  for (auto length = text.whole; length <= whole_max; ++length) {
    const auto point = static_cast<int>(length);
    const auto first = make_decimal(false, text.digits, point);
    if (!without_high && *range.high < first)
      break;
    const auto answer = covered(range, {first, with_last_digit_raised(text.digits, point)});
    answers += static_cast<char>(answer);
    // From here on longer numbers fare the same.
    if (without_high && answer == coverage::all)
      break;
    if (range.grid && answer == coverage::part)
      break;
  }
  return answers;
}

std::string number_machine::exponent_outlook(const spelled& text, const number_range& range) const {
  const bool typed = text.where >= place::e;
  if (!exponents_ || text.whole != 1 || text.digits[0] == '0')
    return {};
  if (range.kind == number_kind::whole && text.digits.size() > 1)
    return typed ? "0" : "";
  std::string answers;
  const auto value = make_decimal(false, text.digits, 1);
  const auto end = with_last_digit_raised(text.digits, 1);
  const bool point = typed || range.kind == number_kind::whole;
  for (int e = limited_exponent_least; e <= limited_exponent_most; ++e) {
    const bool open = !typed || text.where == place::e || can_become(text.exponent, text.down, e);
    if (!open) {
      answers += static_cast<char>(coverage::none);
      continue;
    }
    const auto first = value.shifted(e);
    answers += static_cast<char>(covered(range, {first, point ? first : end.shifted(e)}));
  }
  return answers;
}

/// For each length and each exponent the number can still get: whether numbers like that are in the set, all
/// of them, some or none. Texts with the same outlook go on alike, unless only some are.
std::string number_machine::outlook(const spelled& text, std::uint32_t set) const {
  std::string answers;
  if (text.where == place::begin)
    return "1"; // an empty set never gets here
  for (const auto& range : sets_[set]) {
    const auto magnitudes = range.magnitudes(text.negative);
    if (text.where < place::e)
      answers += plain_outlook(text, magnitudes);
    answers += '/';
    if (!text.digits.empty())
      answers += exponent_outlook(text, magnitudes);
    answers += '/';
  }
  return answers;
}

number_machine::state_id number_machine::enter(spelled text, std::uint32_t set) {
  const bool free = sets_[set].size() == 1 && sets_[set][0].is_free();
  auto key = std::to_string(set) + (text.negative ? "-" : "+") +
             std::to_string(static_cast<int>(text.where)) + ":" + std::to_string(text.whole) + ":" +
             std::to_string(text.digits.size()) + ":" + text.exponent + (text.down ? "-" : "+");
  const bool ends = text.where == place::zero || text.where == place::whole || text.where == place::broken ||
                    text.where == place::exponent;
  state made;
  made.set = set;
  made.complete = free && ends;
  if (free) {
    key += text.digits.empty() || text.digits[0] != '0' ? "d" : "0";
  } else {
    const auto view = outlook(text, set);
    if (view.find_first_of("1p") == std::string::npos)
      return dead;
    if (ends) {
      const auto value = make_decimal(text.negative, text.digits, static_cast<int>(text.whole));
      made.complete = contains(sets_[set], value.shifted(value_of(text.exponent, text.down)));
    }
    key += view + (made.complete ? "!" : "?");
    if (view.find('p') != std::string::npos)
      key += text.digits;
  }
  if (const auto known = known_.find(key); known != known_.end())
    return known->second;
  const auto id = static_cast<state_id>(states_.size());
  made.text = std::move(text);
  states_.push_back(std::move(made));
  known_.emplace(std::move(key), id);
  return id;
}

} // namespace troupe::kernels::grammar
