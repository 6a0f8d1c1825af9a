#pragma once

#include "config/document/document.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace troupe::config {

inline document read(std::string text) {
  diagnostics found;
  auto parsed = parse_document(source("test.yaml", std::move(text)), found);
  BOOST_REQUIRE_MESSAGE(parsed.has_value(), render_text(found, 1));
  BOOST_REQUIRE_MESSAGE(found.empty(), render_text(found, 1));
  return std::move(*parsed);
}

/// The findings about a text that must not be accepted.
inline diagnostics refuse(std::string text, const document_limits& bounds = {}) {
  diagnostics found;
  const auto parsed = parse_document(source("test.yaml", std::move(text)), found, bounds);
  BOOST_REQUIRE_MESSAGE(!parsed.has_value(), "accepted");
  BOOST_REQUIRE(found.errors() > 0);
  return found;
}

inline std::string json(const document& d) { return to_json(d.root()).value(); }

/// "line:column-line:column"
inline std::string show(const range& where) {
  return std::to_string(where.begin.line) + ":" + std::to_string(where.begin.column) + "-" +
         std::to_string(where.end.line) + ":" + std::to_string(where.end.column);
}

/// The bytes of the file that a range covers.
inline std::string covered(const document& d, const range& where) {
  return d.in().text().substr(where.begin.offset, where.end.offset - where.begin.offset);
}

/// "CODE line:column" of the first finding.
inline std::string first(const diagnostics& found) {
  const diagnostic& d = found.items().front();
  const auto where = d.where.value_or(range{});
  return d.code + " " + std::to_string(where.begin.line) + ":" + std::to_string(where.begin.column);
}

} // namespace troupe::config
