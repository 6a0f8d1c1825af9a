#include "workflows/language/shape/shape_check.hpp"

#include "config/diagnostic/suggestion.hpp"
#include "config/settings/units.hpp"
#include "workflows/language/codes/codes.hpp"
#include "workflows/language/grammar/steps.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;
using grammar::form;
using grammar::shape;

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::vector<std::string_view> split(std::string_view words) {
  std::vector<std::string_view> all;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    all.push_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return all;
}

bool has_expression(const node& value) {
  return value.is(node_kind::text) && value.text().find("${{") != std::string_view::npos;
}

class shape_checker {
public:
  explicit shape_checker(reporter& to)
      : to_(to) {}

  void check(const node& value, const shape& as, const node& named_by) {
    switch (as.is) {
    case form::value:
      return; // expressions are read later
    case form::condition:
      return check_condition(value);
    case form::text:
    case form::formula_text:
      return check_text(value, as);
    case form::identifier:
    case form::label:
    case form::kind:
      return check_name(value, as);
    case form::word:
      return check_word(value, as);
    case form::boolean:
      return (void)is_kind(value, as, value.is(node_kind::boolean));
    case form::count:
    case form::count_or_formula:
      return check_count(value, as);
    case form::amount:
      return check_amount(value, as);
    case form::duration:
    case form::duration_or_formula:
      return check_duration(value, as);
    case form::schema:
      return (void)is_kind(value, as, value.is(node_kind::map) || value.is(node_kind::boolean));
    case form::steps:
      return check_steps(value, as, named_by);
    case form::step:
      return check_step_shape(value, to_);
    case form::map:
      return check_map(value, as, named_by);
    case form::named:
      return check_named(value, as, named_by);
    case form::list:
      return check_list(value, as, named_by);
    case form::one_or_many:
      return value.is(node_kind::map) ? check(value, *as.of, named_by) : check_list(value, as, named_by);
    case form::either:
      return check_either(value, as, named_by);
    }
  }

private:
  bool is_kind(const node& value, const shape& as, bool holds) {
    if (holds)
      return true;
    if (broken_by_yaml(value, to_))
      return false;
    if (has_expression(value)) {
      to_.reject(value, codes::literal_only,
                 "no expression can stand here: " + std::string(grammar::expected(as)) +
                     " is known before a run",
                 "write the value itself");
      return false;
    }
    const bool scalar = value.kind() < node_kind::text && as.is == form::text;
    to_.reject(value, codes::wrong_kind,
               "expected " + std::string(grammar::expected(as)) + ", found " +
                   std::string(config::with_article(value.kind())),
               scalar && !value.is(node_kind::null) ? "quote it: " + quoted(value.text()) : "");
    return false;
  }

  void check_condition(const node& value) {
    if (value.is(node_kind::boolean) || has_expression(value))
      return;
    const bool bare = value.is(node_kind::text) && !value.text().empty();
    if (broken_by_yaml(value, to_))
      return;
    to_.reject(value, codes::wrong_kind,
               "expected a condition, found " + std::string(config::with_article(value.kind())),
               bare ? "write ${{ " + std::string(value.text()) + " }}" : "write ${{ … }}, true or false");
  }

  void check_text(const node& value, const shape& as) {
    const bool number = value.is(node_kind::integer) || value.is(node_kind::real);
    if (value.is(node_kind::text) || (number && as.is == form::formula_text)) {
      if (as.is == form::text && has_expression(value))
        is_kind(value, as, false);
      return;
    }
    is_kind(value, as, false);
  }

  void check_name(const node& value, const shape& as) {
    if (!is_kind(value, as, value.is(node_kind::text)))
      return;
    if (has_expression(value))
      return (void)is_kind(value, as, false);
    if (const auto problem = name_problem(value.text(), as.is))
      to_.reject(value, codes::bad_name, quoted(value.text()) + " is no name here", *problem);
  }

  void check_word(const node& value, const shape& as) {
    if (!is_kind(value, as, value.is(node_kind::text) && !has_expression(value)))
      return;
    const auto words = split(as.words);
    if (std::find(words.begin(), words.end(), value.text()) != words.end())
      return;
    to_.reject(value, codes::unknown_word,
               quoted(value.text()) + " is not known here; it is " + either_of(as.words),
               config::did_you_mean(value.text(), words));
  }

  void check_count(const node& value, const shape& as) {
    if (as.is == form::count_or_formula && has_expression(value))
      return;
    if (!is_kind(value, as, value.is(node_kind::integer)))
      return;
    if (value.integer() < as.least || value.integer() > as.most)
      to_.reject(value, codes::out_of_bounds, std::to_string(value.integer()) + " is out of bounds",
                 "from " + std::to_string(as.least) + " to " + std::to_string(as.most));
  }

  void check_amount(const node& value, const shape& as) {
    if (!is_kind(value, as, value.is(node_kind::integer) || value.is(node_kind::real)))
      return;
    const bool within =
        value.real() >= static_cast<double>(as.least) && value.real() <= static_cast<double>(as.most);
    if (!within) // NaN too
      to_.reject(value, codes::out_of_bounds, std::string(value.text()) + " is out of bounds",
                 "from " + std::to_string(as.least) + " to " + std::to_string(as.most));
  }

  void check_duration(const node& value, const shape& as) {
    if (as.is == form::duration_or_formula && has_expression(value))
      return;
    if (value.is(node_kind::integer) || value.is(node_kind::real)) {
      to_.reject(value, codes::bad_duration, "a duration has a unit",
                 "did you mean " + std::string(value.text()) + "s or " + std::string(value.text()) + "m?");
      return;
    }
    if (!is_kind(value, as, value.is(node_kind::text) && !has_expression(value)))
      return;
    if (const auto read = config::parse_duration(value.text()); !read)
      to_.reject(value, codes::bad_duration, read.error().message, read.error().hint);
  }

  void check_steps(const node& value, const shape& as, const node& named_by) {
    if (value.is(node_kind::map) && !broken_by_yaml(value, to_)) {
      to_.reject(value, codes::wrong_kind, "expected a list of steps, found a map",
                 "begin each step with \"- \"");
      return;
    }
    const bool nothing = value.is(node_kind::null) || (value.is(node_kind::list) && value.size() == 0);
    if (nothing) {
      to_.reject(value.where().begin.offset == value.where().end.offset ? named_by : value, codes::empty,
                 "a list of steps is never empty",
                 "leave out " + quoted(named_by.text()) + " or give it a step");
      return;
    }
    if (!is_kind(value, as, value.is(node_kind::list)))
      return;
    for (const node& item : value.items())
      check_step_shape(item, to_);
  }

  void check_map(const node& value, const shape& as, const node& named_by) {
    if (!is_kind(value, as, value.is(node_kind::map)) || broken_by_yaml(value, to_))
      return;
    std::vector<std::string_view> known;
    for (const grammar::key& k : as.keys)
      known.push_back(k.name);
    for (const config::entry& e : value.entries()) {
      const grammar::key* k = grammar::find_key(as.keys, e.key.text());
      if (k != nullptr)
        check(e.value, *k->holds, e.key);
      else
        to_.error(e.key, codes::unknown_key, "there is no " + quoted(e.key.text()) + " here",
                  hint_for_key(e.key.text(), known));
    }
    check_missing(value, as, named_by);
  }

  std::string hint_for_key(std::string_view key, const std::vector<std::string_view>& known) const {
    if (to_.full())
      return {};
    std::string near = config::did_you_mean(key, known);
    if (!near.empty())
      return near;
    std::string all;
    for (const auto name : known)
      all += (all.empty() ? "" : ", ") + std::string(name);
    return "known here: " + all;
  }

  void check_missing(const node& value, const shape& as, const node& named_by) {
    for (const grammar::key& k : as.keys)
      if (k.required && !value.find(k.name) && !misspelt(value, as, k.name))
        to_.error(named_by, codes::missing_key, quoted(k.name) + " is missing" + within(value, named_by),
                  std::string(k.doc));
    if (as.one_of.empty()) {
      if (as.least > 0 && value.size() == 0)
        to_.reject(value, codes::empty, "this map is empty", "leave it out or fill it");
      return;
    }
    std::optional<node> first;
    for (const auto name : split(as.one_of)) {
      const auto given = value.find_entry(name);
      if (given && first)
        to_.error(given->key, codes::one_of, "only one of " + either_of(as.one_of) + " can be given", "",
                  *first, "given here");
      else if (given)
        first = given->key;
    }
    const auto names = split(as.one_of);
    const bool near = std::any_of(names.begin(), names.end(), [&](auto n) { return misspelt(value, as, n); });
    if (!first && !near)
      to_.error(named_by, codes::one_of,
                "one of " + either_of(as.one_of) + " is missing" + within(value, named_by));
  }

  // A key that nobody knows and that looks like the missing one was already told.
  static bool misspelt(const node& value, const shape& as, std::string_view missing) {
    const auto keys = value.keys();
    return std::any_of(keys.begin(), keys.end(), [&](std::string_view given) {
      return grammar::find_key(as.keys, given) == nullptr && config::nearest(given, {missing}).has_value();
    });
  }

  static std::string within(const node& value, const node& named_by) {
    const bool same = value.where() == named_by.where();
    return same ? "" : " in " + quoted(named_by.text());
  }

  void check_named(const node& value, const shape& as, const node& named_by) {
    if (!is_kind(value, as, value.is(node_kind::map)) || broken_by_yaml(value, to_))
      return;
    if (std::cmp_less(value.size(), as.least)) {
      to_.reject(value, codes::empty, quoted(named_by.text()) + " is empty", "give it at least one entry");
      return;
    }
    for (const config::entry& e : value.entries()) {
      if (as.names)
        if (const auto problem = name_problem(e.key.text(), form::identifier))
          to_.error(e.key, codes::bad_name, quoted(e.key.text()) + " is no name here", *problem);
      check(e.value, *as.of, e.key);
    }
    check_size(value, as);
  }

  void check_list(const node& value, const shape& as, const node& named_by) {
    if (!is_kind(value, as, value.is(node_kind::list)))
      return;
    if (std::cmp_less(value.size(), as.least)) {
      to_.reject(value, codes::empty, quoted(named_by.text()) + " is empty", "leave it out or fill it");
      return;
    }
    for (const node& item : value.items())
      check(item, *as.of, item);
    check_size(value, as);
  }

  void check_size(const node& value, const shape& as) {
    if (std::cmp_greater(value.size(), as.most))
      to_.reject(value, codes::out_of_bounds,
                 std::to_string(value.size()) + " entries are more than the " + std::to_string(as.most) +
                     " allowed");
  }

  // Alternatives differ by kind: a map is the one that takes maps.
  void check_either(const node& value, const shape& as, const node& named_by) {
    const auto takes_maps = [](const shape* s) { return s->is == form::map; };
    const auto found = std::find_if(as.choices.begin(), as.choices.end(), [&](const shape* s) {
      return takes_maps(s) == value.is(node_kind::map);
    });
    check(value, found == as.choices.end() ? *as.choices.front() : **found, named_by);
  }

  reporter& to_;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

} // namespace

void check_shape(const node& value, const shape& as, const node& named_by, reporter& to) {
  shape_checker(to).check(value, as, named_by);
}

std::optional<std::string> name_problem(std::string_view text, form form) {
  constexpr std::size_t longest = 63;
  if (text.empty() || text.size() > longest)
    return "names have 1 to " + std::to_string(longest) + " characters";
  if (form == form::label) {
    const bool fine = std::all_of(text.begin(), text.end(),
                                  [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; });
    return fine ? std::nullopt
                : std::optional<std::string>("small letters, digits and \"-\", such as lead-to-meeting");
  }
  if (form == form::identifier && (text == "in" || text == "true" || text == "false" || text == "null"))
    return "it is a word of expressions";
  const bool dotted = form == form::kind;
  const auto allowed = [=](char c) {
    return is_letter(c) || is_digit(c) || c == '_' || (dotted && (c == '.' || c == '-' || c == '*'));
  };
  const bool begins = is_letter(text.front()) || text.front() == '_';
  if (begins && std::all_of(text.begin(), text.end(), allowed) && text.back() != '.')
    return std::nullopt;
  if (dotted)
    return "letters, digits, \"_\", \"-\" and dots between them, such as sales.qualifier";
  std::string fitting(text);
  std::replace_if(
      fitting.begin(), fitting.end(), [=](char c) { return !allowed(c); }, '_');
  return "letters, digits and \"_\", so that expressions can use it: " + (begins ? fitting : "_" + fitting);
}

bool broken_by_yaml(const node& value, reporter& to) {
  if (!value.is(node_kind::map) || value.size() == 0)
    return false;
  const node key = value.entry_at(0).key;
  const auto open = key.text().rfind("${{");
  if (open == std::string_view::npos || key.text().find("}}", open) != std::string_view::npos)
    return false;
  to.reject(value, codes::broken_by_yaml, "YAML ends the text at \": \" and takes the expression apart",
            "quote the whole value: '${{ … }}'");
  return true;
}

std::string either_of(std::string_view words) {
  const auto all = split(words);
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i)
    text += (i == 0 ? "" : i + 1 == all.size() ? " or " : ", ") + std::string(all[i]);
  return text;
}

} // namespace troupe::workflow
