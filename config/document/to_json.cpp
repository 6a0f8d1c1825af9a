#include "config/document/document.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace troupe::config {
namespace {

// The shortest text that reads back as the same number, and as a real: 1.0, not 1.
std::string render_real(double value) {
  std::array<char, 32> buffer{};
  const auto [end, failure] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  ensure(failure == std::errc{}, "32 bytes hold any real number");
  std::string text(buffer.data(), end);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

class json_writer {
public:
  bool write(const node& value) {
    switch (value.kind()) {
    case node_kind::null:
      out += "null";
      return true;
    case node_kind::boolean:
      out += value.boolean() ? "true" : "false";
      return true;
    case node_kind::integer:
      out += std::to_string(value.integer());
      return true;
    case node_kind::real:
      out += std::isfinite(value.real()) ? render_real(value.real()) : "";
      return std::isfinite(value.real());
    case node_kind::text:
      out += quote_json(value.text());
      return true;
    case node_kind::list:
      return write_list(value);
    case node_kind::map:
      return write_map(value);
    }
    return false;
  }

  std::string out;

private:
  bool write_list(const node& list) {
    out += "[";
    for (std::size_t i = 0; i < list.size(); ++i) {
      out += i > 0 ? "," : "";
      if (!write(list.item(i)))
        return false;
    }
    out += "]";
    return true;
  }

  bool write_map(const node& map) {
    out += "{";
    for (std::size_t i = 0; i < map.size(); ++i) {
      const entry e = map.entry_at(i);
      out += (i > 0 ? "," : "") + quote_json(e.key.text()) + ":";
      if (!write(e.value))
        return false;
    }
    out += "}";
    return true;
  }
};

} // namespace

result<std::string> to_json(const node& value) {
  json_writer writer;
  if (!writer.write(value))
    return fail(fault::invalid, "JSON has no infinities and no NaN", "write such a number as text");
  return std::move(writer.out);
}

} // namespace troupe::config
