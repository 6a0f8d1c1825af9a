#include "config/limits.hpp"
#include "config/schema/schema.hpp"
#include "config/schema/schema_nodes.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <re2/re2.h>
#include <utility>

namespace troupe::config {
namespace {

constexpr int depth_max = 1'000; // nodes between the document and the value at hand
constexpr std::size_t quoted_value_bytes = 60;

std::string quoted(const json& value) {
  const std::string words = type_words(type_bits(value));
  if (value.is_structured())
    return words;
  return (value.is_string() ? "the text " : "") + shorten(dump_json(value), quoted_value_bytes);
}

/// Below, equal or above 0 as `a` is below, equal to or above `b`; whole numbers exactly, also beyond 2^53.
int compare(const json& a, const json& b) {
  const auto sign = [](auto x, auto y) { return x < y ? -1 : x > y ? 1 : 0; };
  if (!a.is_number_integer() || !b.is_number_integer())
    return sign(a.get<double>(), b.get<double>());
  const bool huge_a = a.is_number_unsigned() && !std::in_range<std::int64_t>(a.get<std::uint64_t>());
  const bool huge_b = b.is_number_unsigned() && !std::in_range<std::int64_t>(b.get<std::uint64_t>());
  if (huge_a != huge_b)
    return huge_a ? 1 : -1;
  if (huge_a)
    return sign(a.get<std::uint64_t>(), b.get<std::uint64_t>());
  return sign(a.get<std::int64_t>(), b.get<std::int64_t>());
}

bool is_multiple(const json& value, const json& of) {
  if (value.is_number_integer() && of.is_number_integer() && of.get<std::int64_t>() != 0)
    return value.get<std::int64_t>() % of.get<std::int64_t>() == 0;
  const double quotient = value.get<double>() / of.get<double>();
  // 0.3 / 0.1 is not 3 in binary: a quotient this near to a whole number is one.
  return std::isfinite(quotient) &&
         std::abs(quotient - std::round(quotient)) <= 1e-9 * std::max(1.0, std::abs(quotient));
}

std::uint64_t characters(std::string_view text) {
  return static_cast<std::uint64_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// "at least 1", "at most 3", "between 1 and 3", "exactly 2".
std::string range_words(const count_range& range) {
  if (range.least == range.most)
    return "exactly " + std::to_string(range.least);
  if (range.most == count_range{}.most)
    return "at least " + std::to_string(range.least);
  if (range.least == 0)
    return "at most " + std::to_string(range.most);
  return "between " + std::to_string(range.least) + " and " + std::to_string(range.most);
}

std::string listed(const json& values) {
  std::string out;
  for (const json& value : values) {
    if (out.size() > limits::quoted_text_bytes_max)
      return out + ", …";
    out += (out.empty() ? "" : ", ") + shorten(dump_json(value), quoted_value_bytes);
  }
  return out;
}

/// Checks one document against one schema; holds the first violation. One use.
class checker {
public:
  explicit checker(const compiled_schema& schema)
      : nodes_(schema.nodes) {}

  bool holds(node_index index, const json& value) {
    if (++steps_ > limits::schema_check_steps_max || depth_ >= depth_max) {
      violated("is too deep or too ambiguous to be checked in reasonable time");
      exhausted_ = true;
      return false;
    }
    ++depth_;
    const bool fine = holds_all(nodes_[index], value);
    --depth_;
    return fine;
  }

  schema_violation violation() && { return std::move(violation_); }

private:
  bool violated(const std::string& how) {
    if (!exhausted_)
      violation_ = {pointer_, (pointer_.empty() ? "the document" : pointer_) + " " + how};
    return false;
  }

  bool holds_all(const schema_node& node, const json& value) {
    if (node.nothing)
      return violated("is not allowed");
    return holds_value(node, value) && holds_combinations(node, value) &&
           (!value.is_number() || holds_number(node, value)) &&
           (!value.is_string() || holds_text(node, value)) &&
           (!value.is_array() || holds_list(node, value)) &&
           (!value.is_object() || holds_object(node, value));
  }

  bool holds_value(const schema_node& node, const json& value) {
    if (node.types != 0 && (node.types & type_bits(value)) == 0)
      return violated("must be " + type_words(node.types) + ", not " + quoted(value));
    if (!node.allowed || std::find(node.allowed->begin(), node.allowed->end(), value) != node.allowed->end())
      return true;
    return violated((node.allowed->size() == 1 ? "must be " : "must be one of ") + listed(*node.allowed) +
                    ", not " + quoted(value));
  }

  bool holds_number(const schema_node& node, const json& value) {
    const auto bound = [&](const std::unique_ptr<json>& limit, std::string_view words, bool fine) {
      return fine ||
             violated("must be " + std::string(words) + dump_json(*limit) + ", not " + dump_json(value));
    };
    return bound(node.least, "at least ", !node.least || compare(value, *node.least) >= 0) &&
           bound(node.above, "above ", !node.above || compare(value, *node.above) > 0) &&
           bound(node.most, "at most ", !node.most || compare(value, *node.most) <= 0) &&
           bound(node.below, "below ", !node.below || compare(value, *node.below) < 0) &&
           bound(node.multiple, "a multiple of ", !node.multiple || is_multiple(value, *node.multiple));
  }

  bool in_range(const count_range& range, std::uint64_t count, const std::string& what) {
    return (count >= range.least && count <= range.most) ||
           violated("must have " + range_words(range) + " " + what + ", not " + std::to_string(count));
  }

  bool matches(const pattern& match, std::string_view text) {
    steps_ += 1 + text.size() / 64;
    return re2::RE2::PartialMatch({text.data(), text.size()}, *match.machine);
  }

  bool holds_text(const schema_node& node, const json& value) {
    const auto& text = value.get_ref<const std::string&>();
    if (!in_range(node.length, characters(text), "characters"))
      return false;
    if (node.match && !matches(*node.match, text))
      return violated("must match the pattern " + node.match->text + ", which " + quoted(value) +
                      " does not");
    if (!has_format(text, node.format))
      return violated("must be " + std::string(format_words(node.format)) + ", not " + quoted(value));
    return true;
  }

  /// Checks a part of the value at hand under its own pointer.
  bool part_holds(node_index index, const json& part, std::string_view key) {
    const std::size_t before = pointer_.size();
    pointer_ += '/';
    for (const char c : key)
      pointer_ += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
    const bool fine = holds(index, part);
    pointer_.resize(before);
    return fine;
  }

  bool holds_list(const schema_node& node, const json& value) {
    if (!in_range(node.items_count, value.size(), "items"))
      return false;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const node_index item = i < node.leading_items.size() ? node.leading_items[i] : node.items;
      if (item != no_node && !part_holds(item, value[i], std::to_string(i)))
        return false;
    }
    return (!node.unique || items_differ(value)) && (node.contains == no_node || holds_contains(node, value));
  }

  bool items_differ(const json& value) {
    std::vector<const json*> sorted;
    for (const json& item : value)
      sorted.push_back(&item);
    steps_ += sorted.size() * 20;
    std::sort(sorted.begin(), sorted.end(), [](const json* a, const json* b) { return *a < *b; });
    const auto twin = std::adjacent_find(sorted.begin(), sorted.end(),
                                         [](const json* a, const json* b) { return *a == *b; });
    return twin == sorted.end() || violated("must not hold " + quoted(**twin) + " twice");
  }

  bool holds_contains(const schema_node& node, const json& value) {
    const auto count = std::count_if(value.begin(), value.end(), [&](const json& item) {
      return !exhausted_ && holds(node.contains, item);
    });
    const auto found = static_cast<std::uint64_t>(count);
    return !exhausted_ && (in_range(node.contains_count, found, "items of the kind \"contains\" asks for"));
  }

  bool holds_object(const schema_node& node, const json& value) {
    if (!in_range(node.properties_count, value.size(), "properties") || !has_all(node.required, value, ""))
      return false;
    for (const auto& [name, needs] : node.dependent_required)
      if (value.contains(name) && !has_all(needs, value, ", which \"" + shorten(name, 40) + "\" needs"))
        return false;
    for (const auto& [name, child] : node.dependent_schemas)
      if (value.contains(name) && !holds(child, value))
        return false;
    for (const auto& [name, part] : value.items())
      if (!holds_property(node, name, part))
        return false;
    return true;
  }

  bool has_all(const std::vector<std::string>& names, const json& value, const std::string& why) {
    for (const auto& name : names)
      if (!value.contains(name))
        return violated("lacks the property \"" + shorten(name, quoted_value_bytes) + "\"" + why);
    return true;
  }

  bool holds_property(const schema_node& node, const std::string& name, const json& part) {
    if (node.property_names != no_node && !holds(node.property_names, json(name)))
      return violated("has the property \"" + shorten(name, quoted_value_bytes) +
                      "\", whose name is not allowed");
    bool described = false;
    if (const auto known = node.properties.find(name); known != node.properties.end()) {
      described = true;
      if (!part_holds(known->second, part, name))
        return false;
    }
    for (const auto& [match, child] : node.pattern_properties) {
      if (!matches(match, name))
        continue;
      described = true;
      if (!part_holds(child, part, name))
        return false;
    }
    if (described || node.other_properties == no_node)
      return true;
    if (nodes_[node.other_properties].nothing)
      return violated("has the property \"" + shorten(name, quoted_value_bytes) + "\", which is not allowed");
    return part_holds(node.other_properties, part, name);
  }

  bool holds_combinations(const schema_node& node, const json& value) {
    if (node.ref != no_node && !holds(node.ref, value))
      return false;
    for (const node_index child : node.all)
      if (!holds(child, value))
        return false;
    if (!node.any.empty() && !holds_one(node.any, value, false))
      return false;
    if (!node.one.empty() && !holds_one(node.one, value, true))
      return false;
    if (node.negated != no_node && holds(node.negated, value))
      return violated("must not be of the kind that \"not\" describes");
    if (exhausted_ || node.condition == no_node)
      return !exhausted_;
    const node_index branch = holds(node.condition, value) ? node.then_node : node.else_node;
    return !exhausted_ && (branch == no_node || holds(branch, value));
  }

  /// Of the branches that fail, the one that got furthest into the value explains best what was meant.
  bool holds_one(const std::vector<node_index>& branches, const json& value, bool exactly) {
    std::size_t fitting = 0;
    std::optional<schema_violation> closest;
    for (const node_index branch : branches) {
      if (holds(branch, value))
        ++fitting;
      else if (!closest || violation_.pointer.size() > closest->pointer.size())
        closest = violation_;
      if (exhausted_)
        return false;
      if (fitting == 1 && !exactly)
        return true;
      if (fitting > 1)
        return violated("fits more than one of the alternatives of \"oneOf\"");
    }
    if (fitting == 1)
      return true;
    if (branches.size() == 1) {
      violation_ = std::move(*closest);
      return false;
    }
    const std::string sentence = closest->sentence;
    violated("fits none of " + std::to_string(branches.size()) +
             " alternatives; the closest: " + shorten(sentence, limits::quoted_text_bytes_max));
    violation_.pointer = closest->pointer;
    return false;
  }

  const std::vector<schema_node>& nodes_;
  schema_violation violation_;
  std::string pointer_;
  std::uint64_t steps_ = 0;
  int depth_ = 0;
  bool exhausted_ = false; // no verdict: every answer from here on is "no", and the reason stays
};

} // namespace

std::optional<schema_violation> schema::check(const json& value) const {
  checker run(*compiled_);
  if (run.holds(compiled_->root, value))
    return std::nullopt;
  return std::move(run).violation();
}

} // namespace troupe::config
