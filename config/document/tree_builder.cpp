#include "config/document/tree_builder.hpp"

#include "config/diagnostic/codes.hpp"
#include "config/diagnostic/suggestion.hpp"

#include <algorithm>

namespace troupe::config {
namespace {

constexpr std::string_view core_tag = "tag:yaml.org,2002:";

// Past blanks, line breaks and comments to the indicator after which an absent value would stand.
std::size_t after_indicator(std::string_view text, std::size_t from, char indicator) {
  std::size_t at = from;
  while (at < text.size()) {
    at = text.find_first_not_of(" \t\r\n", at);
    if (at == std::string_view::npos || text[at] != '#')
      break;
    at = text.find_first_of("\r\n", at);
  }
  const bool found = at < text.size() && text[at] == indicator;
  return found ? at + 1 : from;
}

// Empty when the tag is not one of YAML's core tags for scalars.
std::optional<node_kind> kind_of_tag(std::string_view tag) {
  if (tag == "!")
    return node_kind::text;
  if (!tag.starts_with(core_tag))
    return std::nullopt;
  tag.remove_prefix(core_tag.size());
  if (tag == "str")
    return node_kind::text;
  if (tag == "int")
    return node_kind::integer;
  if (tag == "float")
    return node_kind::real;
  if (tag == "bool")
    return node_kind::boolean;
  if (tag == "null")
    return node_kind::null;
  return std::nullopt;
}

struct value_setter {
  slot& out;

  void operator()(std::monostate) const { out.kind = node_kind::null; }
  void operator()(bool value) const { out.kind = node_kind::boolean, out.truth = value; }
  void operator()(std::int64_t value) const { out.kind = node_kind::integer, out.integer = value; }
  void operator()(double value) const { out.kind = node_kind::real, out.real = value; }
  void operator()(std::string_view) const { out.kind = node_kind::text; }
  void operator()(number_too_large) const { out.kind = node_kind::text; }
};

} // namespace

bool tree_builder::consume(const yaml_event& event) {
  switch (event.what) {
  case yaml_event::type::document:
    return begin_document(event);
  case yaml_event::type::map_begin:
    return begin_collection(event, node_kind::map);
  case yaml_event::type::list_begin:
    return begin_collection(event, node_kind::list);
  case yaml_event::type::map_end:
  case yaml_event::type::list_end:
    return end_collection(event);
  case yaml_event::type::scalar:
    return add_scalar(event);
  case yaml_event::type::alias:
    return add_alias(event);
  }
  return false;
}

std::optional<range> tree_builder::open_bracket() const {
  const auto found =
      std::find_if(open_.rbegin(), open_.rend(), [](const frame& candidate) { return candidate.bracketed; });
  if (found == open_.rend())
    return std::nullopt;
  const std::size_t begin = tree_.slots[found->index].begin;
  return tree_.in.between(begin, begin + 1);
}

bool tree_builder::begin_document(const yaml_event& event) {
  const range at = tree_.in.between(event.begin, event.end);
  if (begun_) {
    report(at, codes::several_documents, "a second document begins here", "keep one document in each file");
    return false;
  }
  begun_ = true;
  if (!event.version.empty() && event.version != "1.2") {
    report(at, codes::yaml_version, "the file asks for YAML " + event.version + "; only 1.2 is read",
           "remove the %YAML line");
    return false;
  }
  return true;
}

bool tree_builder::make_slot(const yaml_event& event, node_kind kind, std::uint32_t& made) {
  if (tree_.slots.size() >= bounds_.nodes) {
    report(tree_.in.between(event.begin, event.end), codes::too_many_nodes,
           "the document has more than " + std::to_string(bounds_.nodes) + " values and keys",
           "split it into several files");
    return false;
  }
  made = static_cast<std::uint32_t>(tree_.slots.size());
  slot& fresh = tree_.slots.emplace_back();
  fresh.kind = kind;
  fresh.begin = event.begin;
  fresh.end = event.end;
  fresh.content_begin = event.content_begin;
  fresh.content_end = event.content_end;
  fresh.style = event.style;
  fresh.target = made;
  fresh.height = kind < node_kind::list ? 0 : 1;
  return true;
}

bool tree_builder::begin_collection(const yaml_event& event, node_kind kind) {
  if (open_.size() >= bounds_.depth) {
    report(tree_.in.between(event.begin, event.end), codes::too_deep,
           "lists and maps are nested more than " + std::to_string(bounds_.depth) + " deep",
           "move the inner part to a file of its own");
    return false;
  }
  frame opened;
  if (!make_slot(event, kind, opened.index))
    return false;
  check_collection_tag(tree_.slots[opened.index], event);
  remember_anchor(event, opened.index);
  opened.bracketed = event.end > event.begin;
  opened.last_end = event.end;
  open_.push_back(std::move(opened));
  return true;
}

bool tree_builder::end_collection(const yaml_event& event) {
  ensure(!open_.empty(), "every end of a list or map has its begin");
  frame closed = std::move(open_.back());
  open_.pop_back();
  slot& collection = tree_.slots[closed.index];
  collection.end = event.end > event.begin ? event.end : closed.last_end;
  if (!closed.children.empty())
    collection.begin = std::min(collection.begin, tree_.slots[closed.children.front()].begin);
  collection.end = std::max(collection.begin, collection.end);
  const bool stored =
      collection.kind == node_kind::map ? close_map(collection, closed) : close_list(collection, closed);
  return stored && attach(closed.index);
}

bool tree_builder::add_scalar(const yaml_event& event) {
  std::uint32_t index = 0;
  if (!make_slot(event, node_kind::text, index))
    return false;
  slot& scalar = tree_.slots[index];
  scalar.text = event.text;
  scalar.text_bytes = event.text.size();
  if (!event.written)
    place_absent(scalar, event);
  resolve(scalar, event);
  remember_anchor(event, index);
  return attach(index);
}

bool tree_builder::add_alias(const yaml_event& event) {
  std::uint32_t index = 0;
  if (!make_slot(event, node_kind::null, index))
    return false;
  const auto anchored = anchors_.find(event.text);
  if (anchored == anchors_.end()) {
    report(tree_.slots[index], codes::unknown_alias, "no anchor &" + event.text + " before this alias",
           suggest_anchor(event.text));
    return attach(index);
  }
  if (is_open(anchored->second)) {
    report(tree_.slots[index], codes::alias_to_itself,
           "alias *" + event.text + " stands inside what it names");
    return attach(index);
  }
  tree_.slots[index].target = tree_.slots[anchored->second].target;
  return attach(index);
}

std::string tree_builder::suggest_anchor(const std::string& name) const {
  if (anchors_.size() > limits::suggestion_candidates_max || found_.errors() > limits::diagnostics_max)
    return {};
  std::vector<std::string_view> names;
  for (const auto& [known, where] : anchors_)
    names.push_back(known);
  std::sort(names.begin(), names.end());
  return did_you_mean(name, names);
}

void tree_builder::place_absent(slot& absent, const yaml_event& event) const {
  const std::string_view text = tree_.in.text();
  std::size_t at = tree_.in.mark_bytes();
  if (event.properties_end > event.properties_begin)
    at = event.properties_end;
  else if (open_.empty())
    at = event.begin;
  else if (tree_.slots[open_.back().index].kind == node_kind::list)
    at = after_indicator(text, open_.back().last_end, '-');
  else if (awaits_key())
    at = open_.back().last_end;
  else
    at = after_indicator(text, open_.back().last_end, ':');
  absent.begin = absent.end = absent.content_begin = absent.content_end = at;
}

void tree_builder::resolve(slot& scalar, const yaml_event& event) {
  if (event.tag.empty() && (scalar.style != scalar_style::plain || awaits_key()))
    return;
  if (event.tag.empty()) {
    const scalar_value value = resolve_plain(scalar.text);
    std::visit(value_setter{scalar}, value);
    if (std::holds_alternative<number_too_large>(value))
      report(scalar, codes::number_out_of_range, "this number does not fit 64 bits",
             "quote it if it is an id and not a number");
    return;
  }
  if (!resolve_value(scalar, event.tag))
    report(tree_.in.between(event.properties_begin, std::max(event.properties_end, scalar.end)),
           codes::bad_tag,
           kind_of_tag(event.tag) ? "the value does not fit its tag" : "unknown tag " + event.tag,
           "core tags are !!str !!int !!float !!bool !!null !!seq !!map; most values need none");
}

bool tree_builder::resolve_value(slot& scalar, std::string_view tag) {
  const auto wanted = kind_of_tag(tag);
  if (!wanted)
    return false;
  if (*wanted == node_kind::text)
    return true;
  const scalar_value value = resolve_plain(scalar.text);
  std::visit(value_setter{scalar}, value);
  if (*wanted == node_kind::real && scalar.kind == node_kind::integer)
    value_setter{scalar}(static_cast<double>(scalar.integer));
  return scalar.kind == *wanted;
}

void tree_builder::check_collection_tag(const slot& made, const yaml_event& event) {
  const std::string_view wanted = made.kind == node_kind::map ? "map" : "seq";
  if (event.tag.empty() || event.tag == "!" || event.tag == std::string(core_tag) + std::string(wanted))
    return;
  report(tree_.in.between(event.properties_begin, event.properties_end), codes::bad_tag,
         "tag " + event.tag + " does not fit " + std::string(with_article(made.kind)), "remove the tag");
}

void tree_builder::remember_anchor(const yaml_event& event, std::uint32_t index) {
  if (!event.anchor.empty())
    anchors_[event.anchor] = index;
}

bool tree_builder::awaits_key() const {
  if (open_.empty())
    return false;
  const frame& innermost = open_.back();
  return tree_.slots[innermost.index].kind == node_kind::map && innermost.children.size() % 2 == 0;
}

bool tree_builder::is_open(std::uint32_t index) const {
  return std::any_of(open_.begin(), open_.end(), [=](const frame& f) { return f.index == index; });
}

void tree_builder::check_key(std::uint32_t key) {
  const slot& written = target_of(key);
  if (written.kind >= node_kind::list)
    report(tree_.slots[key], codes::bad_key,
           std::string(with_article(written.kind)) + " cannot be a key; keys are text");
  else if (written.text.empty() && written.style == scalar_style::plain)
    report(tree_.slots[key], codes::bad_key, "a key is missing before the ':'",
           "an empty key is written \"\"");
}

bool tree_builder::attach(std::uint32_t child) {
  if (open_.empty()) {
    tree_.root = child;
    return true;
  }
  if (awaits_key())
    check_key(child);
  frame& parent = open_.back();
  const slot& value = target_of(child);
  parent.children.push_back(child);
  parent.last_end = std::max(parent.last_end, tree_.slots[child].end);
  parent.nodes += value.nodes;
  parent.text_bytes += value.text_bytes;
  parent.height = std::max(parent.height, value.height + 1);
  if (open_.size() + value.height > bounds_.depth) {
    report(tree_.slots[child], codes::too_deep,
           "with its aliases followed, this is nested more than " + std::to_string(bounds_.depth) + " deep");
    return false;
  }
  if (parent.nodes > bounds_.nodes) {
    report(tree_.slots[child], codes::too_many_nodes,
           "with its aliases followed, the document has more than " + std::to_string(bounds_.nodes) +
               " values and keys");
    return false;
  }
  if (parent.text_bytes > bounds_.text_bytes) {
    report(tree_.slots[child], codes::too_much_text,
           "with its aliases followed, the document has more than " + std::to_string(bounds_.text_bytes) +
               " bytes of text");
    return false;
  }
  return true;
}

void tree_builder::report(const slot& at, std::string_view code, std::string message, std::string hint) {
  report(tree_.in.between(at.begin, at.end), code, std::move(message), std::move(hint));
}

void tree_builder::report(const range& at, std::string_view code, std::string message, std::string hint) {
  found_.add(make_error(tree_.in, at, code, std::move(message), std::move(hint)));
}

} // namespace troupe::config
