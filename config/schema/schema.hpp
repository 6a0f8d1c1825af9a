#pragma once

#include "config/schema/json_text.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::config {

/// Where a value breaks its schema, and how: "/lead/score must be an integer, not the text \"high\"".
struct schema_violation {
  std::string pointer; // RFC 6901; empty for the document itself
  std::string sentence;
};

struct compiled_schema;

/// A JSON Schema of draft 7, compiled once and checked often; cheap to copy, safe to share between threads.
/// Beyond draft 7 it takes what newer and older schemas write for the same things: $defs, prefixItems,
/// dependentRequired, dependentSchemas, minContains, maxContains, boolean exclusiveMinimum, and constraints
/// beside a $ref, which count. Keywords it could not enforce (unevaluatedProperties, $dynamicRef, …) are
/// refused by name.
class schema {
public:
  /// Refuses references that leave the document or never reach a constraint, patterns that need look-around
  /// or back-references, and what is over limits.hpp.
  /// `where`, if given, gets the pointer of the part that was refused.
  static result<schema> compile(std::string_view text, std::string* where = nullptr);

  /// The first violation found, or nothing. Time and stack are bounded whatever the value is.
  std::optional<schema_violation> check(const json& value) const;

  /// The schema as JSON text with sorted keys: what prompts and requests quote.
  const std::string& text() const noexcept;

private:
  explicit schema(std::shared_ptr<const compiled_schema> compiled);

  std::shared_ptr<const compiled_schema> compiled_;
};

} // namespace troupe::config
