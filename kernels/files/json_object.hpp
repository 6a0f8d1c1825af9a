#pragma once

#include "kernels/base/result.hpp"

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::kernels {

/// A JSON object that somebody else wrote, read by key and type. Every error names the file and the key.
/// Members keep their order; null counts as absent. Copies share the tree.
class json_object {
public:
  /// `name` stands in errors.
  static result<json_object> parse(std::string name, std::string_view text);
  static result<json_object> open(const std::string& path, std::size_t bytes_max);

  const std::string& name() const noexcept { return name_; }
  bool has(std::string_view key) const;
  std::vector<std::string> keys() const;

  /// not_found without the key, corrupt when it is of another type.
  result<std::uint64_t> count(std::string_view key) const;
  result<double> number(std::string_view key) const;
  result<std::string> text(std::string_view key) const;
  result<bool> flag(std::string_view key) const;
  result<std::vector<std::string>> texts(std::string_view key) const;
  result<std::vector<std::uint64_t>> counts(std::string_view key) const;
  result<json_object> object(std::string_view key) const;

  /// The same where absence has a meaning.
  result<std::uint64_t> count_or(std::string_view key, std::uint64_t otherwise) const;
  result<double> number_or(std::string_view key, double otherwise) const;
  result<std::string> text_or(std::string_view key, std::string otherwise) const;
  result<bool> flag_or(std::string_view key, bool otherwise) const;

  bool holds_text(std::string_view key) const;
  bool holds_list(std::string_view key) const;
  bool holds_object(std::string_view key) const;
  /// Something that an empty list, an empty object, false or absence is not.
  bool says_something(std::string_view key) const;

private:
  using tree = nlohmann::ordered_json;
  json_object(std::string name, std::shared_ptr<const tree> root, const tree* here);

  const tree* find(std::string_view key) const;
  tl::unexpected<error> missing(std::string_view key) const;
  tl::unexpected<error> mistyped(std::string_view key, const char* wanted) const;

  std::string name_;
  std::shared_ptr<const tree> root_;
  const tree* here_;
};

} // namespace troupe::kernels
