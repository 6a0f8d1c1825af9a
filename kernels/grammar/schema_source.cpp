#include "kernels/grammar/schema_source.hpp"

#include <nlohmann/json.hpp>

namespace troupe::kernels::grammar {

namespace {

using nlohmann::json;

/// Strings and brackets nest no deeper than this, so that the parser's own recursion stays small.
bool too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      i += c == '\\' ? 1 : 0;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > schema_source::depth_max)
        return true;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

/// An address taken from another, as far as schemas need it.
std::string resolved(const std::string& base, std::string_view address) {
  if (address.find("://") != std::string_view::npos || address.starts_with("urn:") || base.empty())
    return std::string(address);
  const auto authority = base.find("://");
  if (address.starts_with('/')) {
    const auto path = authority == std::string::npos ? 0 : base.find('/', authority + 3);
    return base.substr(0, path) + std::string(address);
  }
  const auto slash = base.rfind('/');
  const bool has_path =
      slash != std::string::npos && (authority == std::string::npos || slash > authority + 2);
  return address.empty() ? base : (has_path ? base.substr(0, slash + 1) : base + "/") + std::string(address);
}

std::pair<std::string_view, std::string_view> split(std::string_view address) {
  const auto hash = address.find('#');
  return hash == std::string_view::npos ? std::pair{address, std::string_view()}
                                        : std::pair{address.substr(0, hash), address.substr(hash + 1)};
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digits = text.substr(i + 1, 2);
    if (text[i] == '%' && digits.size() == 2 &&
        digits.find_first_not_of("0123456789abcdefABCDEF") == digits.npos) {
      out += static_cast<char>(std::stoi(std::string(digits), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool find_place(const json& at, const json& wanted, std::string& place) {
  if (&at == &wanted)
    return true;
  const auto size = place.size();
  const auto enter = [&](const std::string& key, const json& child) {
    place += "/" + key;
    if (find_place(child, wanted, place))
      return true;
    place.resize(size);
    return false;
  };
  if (at.is_object())
    for (const auto& [key, child] : at.items())
      if (enter(key, child))
        return true;
  if (at.is_array())
    for (std::size_t i = 0; i < at.size(); ++i)
      if (enter(std::to_string(i), at[i]))
        return true;
  return false;
}

bool is_old_draft(const json& root) {
  if (!root.is_object())
    return false;
  const auto declared = root.find("$schema");
  if (declared == root.end() || !declared->is_string())
    return false;
  const auto& name = declared->get_ref<const std::string&>();
  return name.find("/draft-0") != std::string::npos;
}

} // namespace

schema_source::schema_source(std::unique_ptr<json> root)
    : root_(std::move(root))
    , ref_stands_alone_(is_old_draft(*root_)) {
  resources_.emplace("", root_.get());
  index(*root_, "", 0);
}

schema_source::~schema_source() = default;
schema_source::schema_source(schema_source&&) noexcept = default;
schema_source& schema_source::operator=(schema_source&&) noexcept = default;

result<schema_source> schema_source::parse(std::string_view text) {
  if (text.size() > bytes_max)
    return fail(fault::refused, "a schema of " + std::to_string(text.size()) + " bytes");
  if (too_deep(text))
    return fail(fault::refused, "a schema nested more than " + std::to_string(depth_max) + " deep");
  auto root = std::make_unique<json>(json::parse(text, nullptr, false));
  if (root->is_discarded())
    return fail(fault::invalid, "the schema is no JSON");
  return schema_source(std::move(root));
}

void schema_source::index(const json& schema, const std::string& base, std::size_t depth) {
  if (schema.is_array())
    for (const auto& child : schema)
      index(child, base, depth + 1);
  if (!schema.is_object())
    return;
  auto here = base;
  for (const char* keyword : {"$id", "id"}) {
    const auto id = schema.find(keyword);
    if (id == schema.end() || !id->is_string())
      continue;
    const auto [address, fragment] = split(id->get_ref<const std::string&>());
    here = resolved(base, address);
    if (!address.empty())
      resources_.emplace(here, &schema);
    if (!fragment.empty())
      anchors_.emplace(here + "#" + std::string(fragment), &schema);
    break;
  }
  for (const char* keyword : {"$anchor", "$dynamicAnchor"})
    if (const auto name = schema.find(keyword); name != schema.end() && name->is_string())
      anchors_.emplace(here + "#" + name->get<std::string>(), &schema);
  if (schema.contains("$ref"))
    bases_.emplace(&schema, here);
  for (const auto& [key, child] : schema.items())
    if (key != "enum" && key != "const" && key != "default" && key != "examples")
      index(child, here, depth + 1);
}

const json* schema_source::within(const json& resource, std::string_view fragment) const {
  const auto pointer = percent_decoded(fragment);
  if (pointer.empty())
    return &resource;
  if (pointer[0] != '/')
    return nullptr;
  try {
    const json::json_pointer path(pointer);
    return resource.contains(path) ? &resource.at(path) : nullptr;
  } catch (const json::exception&) {
    return nullptr; // a pointer that is none
  }
}

result<const json*> schema_source::target(const json& schema) const {
  const auto& ref = schema.at("$ref");
  if (!ref.is_string())
    return fail(fault::invalid, "$ref is no text");
  const auto base = bases_.find(&schema);
  const auto [address, fragment] = split(ref.get_ref<const std::string&>());
  const auto full = resolved(base == bases_.end() ? "" : base->second, address);
  if (const auto anchor = anchors_.find(full + "#" + std::string(fragment)); anchor != anchors_.end())
    return anchor->second;
  if (const auto resource = resources_.find(full); resource != resources_.end())
    if (const auto* found = within(*resource->second, fragment); found != nullptr)
      return found;
  if (address.empty())
    if (const auto* found = within(*root_, fragment); found != nullptr)
      return found;
  return fail(fault::refused, "$ref: " + ref.get<std::string>() + " is not in this document");
}

const json& schema_source::keep(json made) {
  kept_.push_back(std::make_unique<json>(std::move(made)));
  return *kept_.back();
}

std::string schema_source::place_of(const json& schema) const {
  std::string place = "#";
  return find_place(*root_, schema, place) ? place : "#";
}

} // namespace troupe::kernels::grammar
