#pragma once

#include "config/expression/type.hpp"
#include "config/result.hpp"

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::config {
class schema;
}

namespace troupe::workflow {

struct schema_mismatch {
  std::string path;    // a JSON pointer into the value; empty: the value itself
  std::string message; // one sentence with that path
};

/// What input, answers and signals must look like: a JSON Schema, compiled. Immutable, cheap to share.
class schema {
public:
  /// `text` is JSON. `where` gets the pointer of the part that was refused.
  static result<std::shared_ptr<const schema>> compile(const std::string& text, std::string* where = nullptr);

  std::vector<schema_mismatch> check(const nlohmann::json& value) const;

  /// What expressions may expect of a value that fits.
  const expression::type& type() const noexcept { return type_; }

  /// Names of the fields of the object under `path`, in the order written.
  std::vector<std::string> fields(const std::vector<std::string>& path = {}) const;

  /// The object under `path` takes no other fields than these.
  bool is_closed(const std::vector<std::string>& path = {}) const;

  const std::string& text() const noexcept { return text_; }

private:
  schema(std::string text, std::shared_ptr<const config::schema> checked, expression::type known);

  std::string text_;
  std::shared_ptr<const config::schema> checked_;
  expression::type type_;
};

} // namespace troupe::workflow
