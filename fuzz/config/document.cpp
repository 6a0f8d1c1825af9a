// Any bytes: the parser answers with a tree whose every place lies within the input, or with findings whose
// places do; and what it accepts survives a round trip through JSON.
#include "config/document/document.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace troupe::config;

void require(bool holds) {
  if (!holds)
    std::abort();
}

void check(const range& where, std::size_t size) {
  require(where.begin.offset <= where.end.offset && where.end.offset <= size);
  require(where.begin.line >= 1 && where.begin.column >= 1 && where.end.line >= where.begin.line);
}

// Under ASan fresh memory is no UTF-8, so text that the library never wrote to shows.
bool is_text(const node& value) { return first_invalid_utf8(value.text()) == std::string_view::npos; }

void walk(const node& value, std::size_t size) {
  check(value.where(), size);
  if (value.kind() < node_kind::list) {
    require(is_text(value));
    check(value.where_text(0, value.text().size()), size);
    check(value.where_text(value.text().size() / 2, value.text().size()), size);
    return;
  }
  if (value.is(node_kind::list)) {
    for (const node& item : value.items())
      walk(item, size);
    return;
  }
  for (const entry& e : value.entries()) {
    walk(e.key, size);
    walk(e.value, size);
    require(value.find(e.key.text()).has_value());
  }
}

void check_findings(const diagnostics& found, std::size_t size) {
  for (const diagnostic& d : found.items()) {
    if (d.where)
      check(*d.where, size);
    for (const note& n : d.notes)
      check(n.where, size);
  }
  require(!render_text(found, 1).empty());
  require(first_invalid_utf8(render_json(found, 1)) == std::string_view::npos);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  document_limits bounds; // smaller ones, so that the fuzzer reaches them
  bounds.nodes = 4'096;
  bounds.text_bytes = 65'536;
  bounds.depth = 32;
  diagnostics found;
  const auto parsed =
      parse_document(source("input", {reinterpret_cast<const char*>(bytes), size}), found, bounds);
  require(parsed.has_value() == (found.errors() == 0));
  check_findings(found, size);
  if (!parsed)
    return 0;
  walk(parsed->root(), size);
  const auto json = to_json(parsed->root());
  if (!json)
    return 0;
  diagnostics none;
  const auto again = parse_document(source("json", *json), none);
  require(again.has_value());
  require(to_json(again->root()).value() == *json);
  return 0;
}
