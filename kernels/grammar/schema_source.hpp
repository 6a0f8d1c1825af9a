#pragma once

#include "kernels/base/result.hpp"

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::kernels::grammar {

/// A schema as it was written, its parts known by their address, and what its references lead to.
class schema_source {
public:
  static constexpr std::size_t bytes_max = 4 * 1024 * 1024;
  static constexpr std::size_t depth_max = 200;

  /// `invalid` if the text is no JSON, `refused` beyond the limits.
  static result<schema_source> parse(std::string_view text);
  ~schema_source();
  schema_source(schema_source&&) noexcept;
  schema_source& operator=(schema_source&&) noexcept;

  const nlohmann::json& root() const noexcept { return *root_; }
  /// What the $ref of this schema stands for; only within the document.
  result<const nlohmann::json*> target(const nlohmann::json& schema) const;
  /// Keywords beside a $ref do not count, as up to draft 7.
  bool ref_stands_alone() const noexcept { return ref_stands_alone_; }
  /// A schema that is not in the text but follows from it; lives as long as this.
  const nlohmann::json& keep(nlohmann::json made);
  /// "#/properties/a": where a person finds it.
  std::string place_of(const nlohmann::json& schema) const;

private:
  explicit schema_source(std::unique_ptr<nlohmann::json> root);
  void index(const nlohmann::json& schema, const std::string& base, std::size_t depth);
  const nlohmann::json* within(const nlohmann::json& resource, std::string_view fragment) const;

  std::unique_ptr<nlohmann::json> root_;
  std::vector<std::unique_ptr<nlohmann::json>> kept_;
  std::map<std::string, const nlohmann::json*, std::less<>> resources_; // by address without a fragment
  std::map<std::string, const nlohmann::json*, std::less<>> anchors_;   // with one
  std::map<const nlohmann::json*, std::string> bases_;                  // of schemas with a $ref
  bool ref_stands_alone_ = false;
};

} // namespace troupe::kernels::grammar
