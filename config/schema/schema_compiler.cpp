#include "config/limits.hpp"
#include "config/schema/schema.hpp"
#include "config/schema/schema_nodes.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <re2/re2.h>

namespace troupe::config {
namespace {

// Enforcing none of them silently would let wrong values through; refusing says so at once.
constexpr std::array<std::string_view, 6> unenforced{
    "unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$recursiveRef", "extends", "divisibleBy"};

std::string escaped(std::string_view key) {
  std::string out;
  for (const char c : key)
    out += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
  return out;
}

int hex_value(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

/// The fragment of a $ref is percent-encoded; JSON pointers are not.
std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool coded =
        text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
    out += coded ? static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])) : text[i];
    i += coded ? 2 : 0;
  }
  return out;
}

/// ECMA's \uXXXX as RE2 writes it; all else that schemas use in practice is common to both.
std::string re2_syntax(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 5 < text.size() && text[i + 1] == 'u') {
      out += "\\x{" + std::string(text.substr(i + 2, 4)) + "}";
      i += 5;
    } else if (text[i] == '\\' && i + 1 < text.size()) {
      out += text.substr(i, 2);
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// Walks a schema document breadth first and gathers its nodes. Keeps the first problem and goes on
/// harmlessly, so that the walk needs no error path of its own.
class compiler {
public:
  explicit compiler(const json& root)
      : root_(root) {}

  result<compiled_schema> run() {
    at("");
    for (std::size_t i = 0; i < pending_.size() && !problem_; ++i)
      compile(static_cast<node_index>(i));
    if (!problem_)
      refuse_loops();
    if (problem_)
      return tl::unexpected(*problem_);
    out_.text = dump_json(root_);
    return std::move(out_);
  }

  /// Where the problem is.
  const std::string& place() const noexcept { return problem_at_; }

private:
  void refuse(const std::string& why, std::string hint = {}) {
    if (!problem_)
      problem_at_ = pointer_;
    if (!problem_)
      problem_ = error{fault::invalid, "the schema at \"#" + pointer_ + "\" " + why, std::move(hint)};
  }

  /// The node of the subschema a pointer names; compiled later, so that recursive schemas end.
  node_index at(const std::string& pointer) {
    if (const auto seen = known_.find(pointer); seen != known_.end())
      return seen->second;
    const json* place = find(pointer);
    if (place == nullptr || out_.nodes.size() >= limits::json_schema_parts_max) {
      refuse(place == nullptr ? "refers to \"#" + shorten(pointer, limits::quoted_text_bytes_max) +
                                    "\", which is not there"
                              : "has more than " + std::to_string(limits::json_schema_parts_max) + " parts");
      return 0;
    }
    const auto index = static_cast<node_index>(out_.nodes.size());
    out_.nodes.emplace_back();
    known_.emplace(pointer, index);
    pending_.emplace_back(pointer, place);
    return index;
  }

  const json* find(const std::string& pointer) const {
    try {
      return &root_.at(json::json_pointer(pointer));
    } catch (const json::exception&) {
      return nullptr;
    }
  }

  node_index below(std::string_view key) { return at(pointer_ + "/" + escaped(key)); }
  node_index below(std::string_view key, std::string_view child) {
    return at(pointer_ + "/" + escaped(key) + "/" + escaped(child));
  }

  void compile(node_index index) {
    pointer_ = pending_[index].first;
    const json& place = *pending_[index].second;
    schema_node node;
    if (place.is_boolean())
      node.nothing = !place.get<bool>();
    else if (place.is_object())
      read_keywords(place, node);
    else
      refuse("must be an object, true or false");
    out_.nodes[index] = std::move(node);
  }

  void read_keywords(const json& place, schema_node& node) {
    for (const auto word : unenforced)
      if (place.contains(word))
        refuse("uses \"" + std::string(word) + "\", which is not enforced here",
               "state it with draft 7's keywords");
    read_reference(place, node);
    read_values(place, node);
    read_counts(place, node);
    read_combinations(place, node);
    read_list(place, node);
    read_object(place, node);
  }

  void read_reference(const json& place, schema_node& node) {
    const auto ref = place.find("$ref");
    if (ref == place.end())
      return;
    const std::string target = ref->is_string() ? ref->get<std::string>() : std::string();
    if (!target.starts_with("#") || (target.size() > 1 && target[1] != '/'))
      return refuse("has the $ref \"" + shorten(target, limits::quoted_text_bytes_max) +
                        "\", which leaves the document",
                    "copy what it names into $defs and refer to it as #/$defs/NAME");
    node.ref = at(percent_decoded(target.substr(1)));
  }

  void read_values(const json& place, schema_node& node) {
    if (const auto type = place.find("type"); type != place.end())
      read_type(*type, node);
    if (const auto values = place.find("enum"); values != place.end()) {
      if (!values->is_array() || values->empty())
        return refuse("needs a list with at least one value in \"enum\"");
      node.allowed = std::make_unique<json>(*values);
    }
    if (const auto value = place.find("const"); value != place.end())
      node.allowed = std::make_unique<json>(json::array({*value}));
    read_number(place, "minimum", "exclusiveMinimum", node.least, node.above);
    read_number(place, "maximum", "exclusiveMaximum", node.most, node.below);
    node.multiple = number(place, "multipleOf");
    if (node.multiple && *node.multiple <= json(0))
      refuse("needs a \"multipleOf\" above 0");
    if (const auto text = place.find("pattern"); text != place.end())
      node.match = read_pattern(*text);
    if (const auto format = place.find("format"); format != place.end() && format->is_string())
      node.format = format_named(format->get_ref<const std::string&>());
    node.unique = place.value("uniqueItems", json(false)) == json(true);
  }

  void read_type(const json& type, schema_node& node) {
    static const std::map<std::string, value_type, std::less<>> names{
        {"null", value_type::null},     {"boolean", value_type::boolean}, {"integer", value_type::integer},
        {"number", value_type::number}, {"string", value_type::string},   {"array", value_type::array},
        {"object", value_type::object}};
    const json list = type.is_array() ? type : json::array({type});
    for (const json& name : list) {
      const auto known = name.is_string() ? names.find(name.get_ref<const std::string&>()) : names.end();
      if (known == names.end())
        return refuse("names an unknown type " + shorten(dump_json(name), 40));
      node.types = static_cast<std::uint8_t>(node.types | static_cast<std::uint8_t>(known->second));
    }
    if (list.empty())
      refuse("needs at least one type");
  }

  std::unique_ptr<json> number(const json& place, const char* word) {
    const auto found = place.find(word);
    if (found == place.end())
      return nullptr;
    if (found->is_number())
      return std::make_unique<json>(*found);
    refuse("needs a number in \"" + std::string(word) + "\"");
    return nullptr;
  }

  /// Draft 4 wrote `exclusiveMinimum: true` beside `minimum`; later drafts put the number itself there.
  void read_number(const json& place, const char* word, const char* exclusive, std::unique_ptr<json>& bound,
                   std::unique_ptr<json>& open_bound) {
    bound = number(place, word);
    const auto flag = place.find(exclusive);
    if (flag == place.end() || !flag->is_boolean())
      open_bound = number(place, exclusive);
    else if (flag->get<bool>())
      open_bound = std::move(bound);
  }

  std::optional<pattern> read_pattern(const json& text) {
    if (!text.is_string()) {
      refuse("needs a text as pattern");
      return std::nullopt;
    }
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(limits::pattern_program_bytes_max);
    pattern out{text.get<std::string>(), nullptr};
    out.machine = std::make_shared<re2::RE2>(re2_syntax(out.text), options);
    if (!out.machine->ok())
      refuse("has the pattern \"" + shorten(out.text, limits::quoted_text_bytes_max) +
                 "\", which cannot be used: " + out.machine->error(),
             "look-around and back-references are not supported");
    return out;
  }

  void read_counts(const json& place, schema_node& node) {
    read_range(place, "minLength", "maxLength", node.length);
    read_range(place, "minItems", "maxItems", node.items_count);
    read_range(place, "minProperties", "maxProperties", node.properties_count);
    read_range(place, "minContains", "maxContains", node.contains_count);
  }

  void read_range(const json& place, const char* least, const char* most, count_range& range) {
    read_count(place, least, range.least);
    read_count(place, most, range.most);
  }

  void read_count(const json& place, const char* word, std::uint64_t& count) {
    const auto found = place.find(word);
    if (found == place.end())
      return;
    const double value = found->is_number() ? found->get<double>() : -1;
    if (value < 0 || value > 9e15 ||
        (type_bits(*found) & static_cast<std::uint8_t>(value_type::integer)) == 0)
      return refuse("needs a whole number from 0 in \"" + std::string(word) + "\"");
    count = static_cast<std::uint64_t>(value);
  }

  void read_combinations(const json& place, schema_node& node) {
    read_branches(place, "allOf", node.all);
    read_branches(place, "anyOf", node.any);
    read_branches(place, "oneOf", node.one);
    read_child(place, "not", node.negated);
    if (!place.contains("if"))
      return; // then and else mean nothing without it
    read_child(place, "if", node.condition);
    read_child(place, "then", node.then_node);
    read_child(place, "else", node.else_node);
  }

  void read_child(const json& place, const char* word, node_index& child) {
    if (place.contains(word))
      child = below(word);
  }

  void read_branches(const json& place, const char* word, std::vector<node_index>& out) {
    const auto list = place.find(word);
    if (list == place.end())
      return;
    if (!list->is_array())
      return refuse("needs a list in \"" + std::string(word) + "\"");
    for (std::size_t i = 0; i < list->size(); ++i)
      out.push_back(below(word, std::to_string(i)));
  }

  void read_list(const json& place, schema_node& node) {
    const auto items = place.find("items");
    const bool by_position = items != place.end() && items->is_array();
    read_branches(place, by_position ? "items" : "prefixItems", node.leading_items);
    read_child(place, by_position ? "additionalItems" : "items", node.items);
    read_child(place, "contains", node.contains);
  }

  void read_object(const json& place, schema_node& node) {
    for (const auto& [name, child] : object_at(place, "properties").items())
      node.properties.emplace(name, below("properties", name));
    for (const auto& [text, child] : object_at(place, "patternProperties").items())
      if (auto match = read_pattern(text))
        node.pattern_properties.emplace_back(std::move(*match), below("patternProperties", text));
    read_child(place, "additionalProperties", node.other_properties);
    read_child(place, "propertyNames", node.property_names);
    if (const auto names = place.find("required"); names != place.end())
      node.required = names_in(*names, "required");
    for (const char* word : {"dependencies", "dependentRequired", "dependentSchemas"})
      read_dependencies(place, word, node);
  }

  void read_dependencies(const json& place, const char* word, schema_node& node) {
    for (const auto& [name, needs] : object_at(place, word).items())
      if (needs.is_array())
        node.dependent_required.emplace(name, names_in(needs, word));
      else
        node.dependent_schemas.emplace(name, below(word, name));
  }

  const json& object_at(const json& place, const char* word) {
    static const json none = json::object();
    const auto found = place.find(word);
    if (found == place.end())
      return none;
    if (found->is_object())
      return *found;
    refuse("needs an object in \"" + std::string(word) + "\"");
    return none;
  }

  std::vector<std::string> names_in(const json& list, const char* word) {
    std::vector<std::string> out;
    if (!list.is_array())
      refuse("needs a list of names in \"" + std::string(word) + "\"");
    for (const json& name : list.is_array() ? list : json::array())
      if (name.is_string())
        out.push_back(name.get<std::string>());
      else
        refuse("needs names in \"" + std::string(word) + "\"");
    return out;
  }

  /// A node that leads to itself without going down into the value would be checked for ever.
  void refuse_loops() {
    enum class mark : std::uint8_t { unseen, open, done };
    std::vector<mark> marks(out_.nodes.size(), mark::unseen);
    std::vector<std::pair<node_index, bool>> stack; // the flag: all it leads to has been seen
    for (node_index start = 0; start < out_.nodes.size(); ++start) {
      stack.emplace_back(start, false);
      while (!stack.empty()) {
        const auto [index, left] = stack.back();
        stack.pop_back();
        if (left) {
          marks[index] = mark::done;
        } else if (marks[index] == mark::unseen) {
          marks[index] = mark::open;
          stack.emplace_back(index, true);
          for (const node_index next : same_value(out_.nodes[index])) {
            if (marks[next] == mark::open) {
              pointer_ = pending_[next].first;
              return refuse("refers to itself without describing anything");
            }
            stack.emplace_back(next, false);
          }
        }
      }
    }
  }

  /// The nodes that are checked against the very value this one is checked against.
  static std::vector<node_index> same_value(const schema_node& node) {
    std::vector<node_index> out;
    for (const auto* branches : {&node.all, &node.any, &node.one})
      out.insert(out.end(), branches->begin(), branches->end());
    for (const auto& [name, child] : node.dependent_schemas)
      out.push_back(child);
    for (const node_index child : {node.ref, node.negated, node.condition, node.then_node, node.else_node})
      if (child != no_node)
        out.push_back(child);
    return out;
  }

  const json& root_;
  compiled_schema out_;
  std::map<std::string, node_index> known_;
  std::vector<std::pair<std::string, const json*>> pending_; // in the order of their nodes
  std::string pointer_;                                      // of the node being read
  std::optional<error> problem_;
  std::string problem_at_;
};

} // namespace

schema::schema(std::shared_ptr<const compiled_schema> compiled)
    : compiled_(std::move(compiled)) {}

result<schema> schema::compile(std::string_view text, std::string* where) {
  auto document = parse_json(text, limits::json_schema_bytes_max, "the schema");
  if (!document)
    return tl::unexpected(document.error());
  compiler work(*document);
  auto compiled = work.run();
  if (!compiled) {
    if (where != nullptr)
      *where = work.place();
    return tl::unexpected(compiled.error());
  }
  return schema(std::make_shared<const compiled_schema>(std::move(*compiled)));
}

const std::string& schema::text() const noexcept { return compiled_->text; }

} // namespace troupe::config
