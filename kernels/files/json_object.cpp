#include "kernels/files/json_object.hpp"

#include "kernels/base/mapped_file.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace troupe::kernels {

json_object::json_object(std::string name, std::shared_ptr<const tree> root, const tree* here)
    : name_(std::move(name))
    , root_(std::move(root))
    , here_(here) {}

result<json_object> json_object::parse(std::string name, std::string_view text) {
  auto root = std::make_shared<tree>(tree::parse(text, nullptr, false));
  if (root->is_discarded())
    return fail(fault::corrupt, name + " is no valid JSON");
  if (!root->is_object())
    return fail(fault::corrupt, name + " holds no JSON object");
  const auto* here = root.get();
  return json_object(std::move(name), std::move(root), here);
}

result<json_object> json_object::open(const std::string& path, std::size_t bytes_max) {
  const auto text = read_text_file(path, bytes_max);
  if (!text)
    return fail(text);
  return parse(path, *text);
}

const json_object::tree* json_object::find(std::string_view key) const {
  const auto found = here_->find(key);
  return found == here_->end() || found->is_null() ? nullptr : &*found;
}

tl::unexpected<error> json_object::missing(std::string_view key) const {
  return fail(fault::not_found, name_ + " has no \"" + std::string(key) + "\"");
}

tl::unexpected<error> json_object::mistyped(std::string_view key, const char* wanted) const {
  return fail(fault::corrupt, name_ + ": \"" + std::string(key) + "\" is not " + wanted);
}

bool json_object::has(std::string_view key) const { return find(key) != nullptr; }

std::vector<std::string> json_object::keys() const {
  std::vector<std::string> all;
  for (const auto& [key, value] : here_->items())
    if (!value.is_null())
      all.push_back(key);
  return all;
}

result<std::uint64_t> json_object::count(std::string_view key) const {
  const auto* found = find(key);
  if (!found)
    return missing(key);
  if (!found->is_number_unsigned())
    return mistyped(key, "a whole number that is not negative");
  return found->get<std::uint64_t>();
}

result<double> json_object::number(std::string_view key) const {
  const auto* found = find(key);
  if (!found)
    return missing(key);
  if (!found->is_number() || !std::isfinite(found->get<double>()))
    return mistyped(key, "a number");
  return found->get<double>();
}

result<std::string> json_object::text(std::string_view key) const {
  const auto* found = find(key);
  if (!found)
    return missing(key);
  if (!found->is_string())
    return mistyped(key, "text");
  return found->get<std::string>();
}

result<bool> json_object::flag(std::string_view key) const {
  const auto* found = find(key);
  if (!found)
    return missing(key);
  if (!found->is_boolean())
    return mistyped(key, "true or false");
  return found->get<bool>();
}

result<std::vector<std::string>> json_object::texts(std::string_view key) const {
  const auto* found = find(key);
  if (!found)
    return missing(key);
  if (!found->is_array())
    return mistyped(key, "a list of texts");
  std::vector<std::string> all;
  for (const auto& item : *found) {
    if (!item.is_string())
      return mistyped(key, "a list of texts");
    all.push_back(item.get<std::string>());
  }
  return all;
}

result<std::vector<std::uint64_t>> json_object::counts(std::string_view key) const {
  const auto* found = find(key);
  if (!found)
    return missing(key);
  if (!found->is_array())
    return mistyped(key, "a list of whole numbers");
  std::vector<std::uint64_t> all;
  for (const auto& item : *found) {
    if (!item.is_number_unsigned())
      return mistyped(key, "a list of whole numbers");
    all.push_back(item.get<std::uint64_t>());
  }
  return all;
}

result<json_object> json_object::object(std::string_view key) const {
  const auto* found = find(key);
  if (!found)
    return missing(key);
  if (!found->is_object())
    return mistyped(key, "an object");
  return json_object(name_ + ", \"" + std::string(key) + "\"", root_, found);
}

result<std::uint64_t> json_object::count_or(std::string_view key, std::uint64_t otherwise) const {
  return has(key) ? count(key) : otherwise;
}

result<double> json_object::number_or(std::string_view key, double otherwise) const {
  return has(key) ? number(key) : otherwise;
}

result<std::string> json_object::text_or(std::string_view key, std::string otherwise) const {
  return has(key) ? text(key) : std::move(otherwise);
}

result<bool> json_object::flag_or(std::string_view key, bool otherwise) const {
  return has(key) ? flag(key) : otherwise;
}

bool json_object::holds_text(std::string_view key) const {
  const auto* found = find(key);
  return found && found->is_string();
}

bool json_object::holds_list(std::string_view key) const {
  const auto* found = find(key);
  return found && found->is_array();
}

bool json_object::holds_object(std::string_view key) const {
  const auto* found = find(key);
  return found && found->is_object();
}

bool json_object::says_something(std::string_view key) const {
  const auto* found = find(key);
  if (!found)
    return false;
  if (found->is_boolean())
    return found->get<bool>();
  return !(found->is_structured() && found->empty());
}

} // namespace troupe::kernels
