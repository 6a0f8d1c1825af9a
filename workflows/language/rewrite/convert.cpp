#include "workflows/language/rewrite/convert.hpp"

#include "config/document/scalar.hpp"

#include <nlohmann/json.hpp>
#include <variant>

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;

bool has_any_of(std::string_view text, std::string_view characters) {
  return text.find_first_of(characters) != std::string_view::npos;
}

// Text that YAML reads back as itself without quotes, inside block style.
bool is_plain(std::string_view text) {
  constexpr std::string_view indicators = "-?:,[]{}#&*!|>'\"%@` ";
  if (text.empty() || !std::holds_alternative<std::string_view>(config::resolve_plain(text)))
    return false;
  if (indicators.find(text.front()) != std::string_view::npos || text.back() == ' ' || text.back() == ':')
    return false;
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F)
      return false;
  // Beyond ASCII lie a few characters that cannot stand unquoted; quoting is never wrong.
  return text.find(": ") == std::string_view::npos && text.find(" #") == std::string_view::npos &&
         config::count_characters(text) == text.size() && text != "<<" && !text.starts_with("---");
}

// Several lines that a literal block can hold as they are.
bool fits_block(std::string_view text) {
  if (text.find('\n') == std::string_view::npos || text.find("\n\n\n") != std::string_view::npos)
    return false;
  for (const char c : text)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || static_cast<unsigned char>(c) >= 0x7F)
      return false;
  return text.ends_with('\n') && !text.ends_with("\n\n") && !has_any_of(text.substr(0, 1), " \n");
}

class yaml_writer {
public:
  std::string write(const node& root) {
    if (root.kind() >= node_kind::list && root.size() > 0)
      write_members(root, 0);
    else
      out_ += scalar(root) + "\n";
    return std::move(out_);
  }

private:
  static std::string key(const node& at) {
    return is_plain(at.text()) ? std::string(at.text()) : config::quote_json(at.text());
  }

  static std::string scalar(const node& at) {
    if (at.is(node_kind::list))
      return "[]";
    if (at.is(node_kind::map))
      return "{}";
    if (at.is(node_kind::text))
      return is_plain(at.text()) ? std::string(at.text()) : config::quote_json(at.text());
    return at.is(node_kind::null) ? "null" : std::string(at.text());
  }

  void write_members(const node& at, std::size_t indent) {
    for (std::size_t i = 0; i < at.size(); ++i) {
      const bool inline_first = i == 0 && !out_.empty() && out_.back() == ' ';
      if (!inline_first)
        out_ += std::string(indent, ' ');
      if (at.is(node_kind::map)) {
        out_ += key(at.entry_at(i).key) + ":";
        write_value(at.entry_at(i).value, indent);
      } else {
        out_ += "-";
        write_item(at.item(i), indent);
      }
    }
  }

  void write_value(const node& value, std::size_t indent) {
    if (value.kind() >= node_kind::list && value.size() > 0) {
      out_ += "\n";
      write_members(value, indent + 2);
    } else if (value.is(node_kind::text) && fits_block(value.text())) {
      write_block(value.text(), indent + 2);
    } else {
      out_ += " " + scalar(value) + "\n";
    }
  }

  void write_item(const node& item, std::size_t indent) {
    if (item.kind() >= node_kind::list && item.size() > 0) {
      out_ += " ";
      write_members(item, indent + 2);
    } else {
      write_value(item, indent);
    }
  }

  void write_block(std::string_view text, std::size_t indent) {
    out_ += " |\n";
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      out_ += (end > 0 ? std::string(indent, ' ') + std::string(text.substr(0, end)) : std::string()) + "\n";
      text.remove_prefix(end + 1);
    }
  }

  std::string out_;
};

} // namespace

result<std::string> as_json(const node& root) {
  const auto line = config::to_json(root);
  if (!line)
    return tl::unexpected(line.error());
  return nlohmann::ordered_json::parse(*line).dump(2) + "\n";
}

std::string as_yaml(const node& root) { return yaml_writer().write(root); }

} // namespace troupe::workflow
