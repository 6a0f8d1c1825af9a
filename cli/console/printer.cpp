#include "cli/console/printer.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

namespace troupe::cli {

namespace {

std::string dumped(const json& value, int indent) {
  return value.dump(indent, ' ', false, json::error_handler_t::replace);
}

std::string_view escape_of(ink colour) noexcept {
  switch (colour) {
  case ink::good:
    return "\x1b[32m";
  case ink::warning:
    return "\x1b[33m";
  case ink::bad:
    return "\x1b[31m";
  case ink::faint:
    return "\x1b[2m";
  case ink::plain:
    return "";
  }
  return "";
}

} // namespace

printer::printer(std::ostream& out, std::ostream& err, output_format format, bool colored)
    : out_(out)
    , err_(err)
    , format_(format)
    , colored_(colored) {}

void printer::text(std::string_view data) { out_ << data << std::flush; }

void printer::document(const json& value) { out_ << dumped(value, 2) << std::endl; }

void printer::stream_line(const json& value) { out_ << dumped(value, -1) << std::endl; }

void printer::note(std::string_view sentence) { err_ << sentence << std::endl; }

void printer::failure(const error& what) {
  if (!is_text()) {
    json body{{"code", to_string(what.what)}, {"message", what.message}, {"hint", what.hint}};
    err_ << dumped(json{{"error", std::move(body)}}, -1) << std::endl;
    return;
  }
  err_ << painted("error: ", ink::bad) << harmless(what.message) << "\n";
  if (!what.hint.empty())
    err_ << "  hint: " << harmless(what.hint) << "\n";
  err_ << std::flush;
}

std::string printer::painted(std::string_view text, ink colour) const {
  if (!colored_ || colour == ink::plain)
    return std::string(text);
  return std::string(escape_of(colour)) + std::string(text) + "\x1b[0m";
}

ink ink_of_state(std::string_view state) noexcept {
  if (state == "failed" || state == "unreachable")
    return ink::bad;
  if (state == "stopped" || state == "draining" || state == "cordoned")
    return ink::warning;
  if (state == "busy" || state == "up")
    return ink::good;
  if (state == "passive" || state == "left")
    return ink::faint;
  return ink::plain;
}

std::string harmless(std::string_view text) {
  std::string out;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f ? '?' : c;
  }
  return out;
}

std::string one_line(std::string_view text) {
  auto out = harmless(text);
  std::ranges::replace(out, '\n', ' ');
  return out;
}

} // namespace troupe::cli
