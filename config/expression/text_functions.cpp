#include "config/diagnostic/source.hpp"
#include "config/expression/letter_case.hpp"
#include "config/expression/operation.hpp"
#include "config/expression/text.hpp"

namespace troupe::expression {
namespace {

outcome size_of(const value& of) {
  const std::size_t size =
      of.is(value_kind::bytes) ? of.as_bytes().size() : config::count_characters(of.as_text());
  return value::of(static_cast<std::int64_t>(size));
}

outcome found(const std::string& text, const std::string& pattern, const compiled_pattern* ready,
              operation_context& in) {
  if (ready)
    return value::of(ready->found_in(text));
  if (auto refused = in.spent.spend(pattern.size()))
    return tl::unexpected(std::move(refused));
  auto compiled = compiled_pattern::make(pattern);
  if (!compiled)
    return tl::unexpected(std::make_unique<problem>(std::move(compiled.error())));
  return value::of(compiled->found_in(text));
}

// Where the next piece ends and the one after it begins; between characters when the separator is empty.
struct cut {
  std::size_t end;
  std::size_t next;
};

cut next_cut(std::string_view rest, std::string_view separator) {
  if (separator.empty()) {
    const std::size_t length = std::max<std::size_t>(1, character_length(rest));
    return length < rest.size() ? cut{length, length} : cut{rest.npos, rest.npos};
  }
  const std::size_t at = rest.find(separator);
  return at == rest.npos ? cut{rest.npos, rest.npos} : cut{at, at + separator.size()};
}

// How many pieces: all when nobody says, or when it is negative.
std::size_t most_pieces(std::span<const value> arguments) {
  if (arguments.size() < 3)
    return SIZE_MAX;
  if (arguments[2].is(value_kind::unsigned_integer))
    return arguments[2].as_uint();
  return arguments[2].as_int() < 0 ? SIZE_MAX : static_cast<std::size_t>(arguments[2].as_int());
}

outcome split(std::span<const value> arguments, operation_context& in) {
  std::string_view rest = arguments[0].as_text();
  const std::string& separator = arguments[1].as_text();
  const std::size_t most = most_pieces(arguments);
  std::vector<value> pieces;
  if (most == 0 || (rest.empty() && separator.empty()))
    return value::list({});
  while (pieces.size() + 1 < most) {
    if (auto refused = in.spent.spend(1))
      return tl::unexpected(std::move(refused));
    const cut at = next_cut(rest, separator);
    if (at.end == rest.npos)
      break;
    pieces.push_back(value::text(std::string(rest.substr(0, at.end))));
    rest.remove_prefix(at.next);
  }
  pieces.push_back(value::text(std::string(rest)));
  return in.spent.accept(value::list(std::move(pieces)));
}

} // namespace

outcome call_on_text(function f, std::span<const value> arguments, const compiled_pattern* pattern,
                     operation_context& in) {
  if (auto refused = in.spent.spend_bytes(arguments[0].weight()))
    return tl::unexpected(std::move(refused));
  if (f == function::size)
    return size_of(arguments[0]);
  const std::string& text = arguments[0].as_text();
  switch (f) {
  case function::contains:
    return value::of(text.find(arguments[1].as_text()) != text.npos);
  case function::starts_with:
    return value::of(text.starts_with(arguments[1].as_text()));
  case function::ends_with:
    return value::of(text.ends_with(arguments[1].as_text()));
  case function::matches:
    return found(text, arguments[1].as_text(), pattern, in);
  case function::split:
    return split(arguments, in);
  case function::lower:
    return in.spent.accept(value::text(to_lower(text)));
  default:
    return in.spent.accept(value::text(to_upper(text)));
  }
}

} // namespace troupe::expression
