#include "workflows/language/read/written.hpp"

#include "workflows/language/codes/codes.hpp"
#include "workflows/language/shape/shape_check.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;
using expression::value;

// `${{ size(x) > 0 # note }}`: YAML ends the text where its comment begins.
bool cut_by_comment(const node& scalar) {
  if (scalar.style() != config::scalar_style::plain)
    return false;
  const std::string& file = scalar.in().text();
  const std::size_t end = scalar.where().end.offset;
  const std::size_t next = file.find_first_not_of(" \t", end);
  return next != std::string::npos && next > end && file[next] == '#';
}

std::string_view code_of(expression::code what) {
  if (what == expression::code::unknown_call)
    return codes::unknown_function;
  return what == expression::code::unsupported ? codes::outside_subset : codes::bad_expression;
}

void report(const node& scalar, const expression::problem& found, reporter& to) {
  if (found.what == expression::code::template_text && cut_by_comment(scalar))
    return to.reject(scalar, codes::broken_by_yaml,
                     "YAML takes what follows \" #\" for a comment and cuts the expression",
                     "quote the whole value: '${{ … }}'");
  to.error(scalar.in(), place_of(scalar, found.at), code_of(found.what), found.message, found.hint);
}

written read_text(const node& scalar, reporter& to) {
  written made{.at = scalar, .text = {}, .items = {}, .entries = {}};
  auto read = expression::template_text::parse(scalar.text());
  if (read) {
    made.text = std::move(*read);
  } else {
    report(scalar, read.error(), to);
    made.broken = true;
  }
  return made;
}

} // namespace

bool written::computed() const noexcept {
  const auto is_computed = [](const written& w) { return w.computed(); };
  return broken || (text && !text->is_literal()) || std::any_of(items.begin(), items.end(), is_computed) ||
         std::any_of(entries.begin(), entries.end(), [&](const auto& e) { return is_computed(e.second); });
}

config::range place_of(const node& at, expression::span span) {
  const std::size_t size = at.text().size();
  return at.where_text(std::min(span.begin, size), std::clamp(span.end, std::min(span.begin, size), size));
}

written read_written(const node& from, reporter& to) {
  written made{.at = from, .text = {}, .items = {}, .entries = {}};
  if (to.rejected(from) || broken_by_yaml(from, to)) {
    made.broken = true;
    return made;
  }
  if (from.is(node_kind::text) && from.text().find("${{") != std::string_view::npos)
    return read_text(from, to);
  if (from.is(node_kind::list))
    for (const node& item : from.items())
      made.items.push_back(read_written(item, to));
  if (from.is(node_kind::map))
    for (const config::entry& e : from.entries())
      made.entries.emplace_back(std::string(e.key.text()), read_written(e.value, to));
  return made;
}

value literal_value(const node& from) {
  switch (from.kind()) {
  case node_kind::null:
    return {};
  case node_kind::boolean:
    return value::of(from.boolean());
  case node_kind::integer:
    return value::of(from.integer());
  case node_kind::real:
    return value::of(from.real());
  case node_kind::text:
    return value::text(std::string(from.text()));
  case node_kind::list: {
    std::vector<value> items;
    for (const node& item : from.items())
      items.push_back(literal_value(item));
    return value::list(std::move(items));
  }
  case node_kind::map: {
    std::vector<std::pair<std::string, value>> fields;
    for (const config::entry& e : from.entries())
      fields.emplace_back(std::string(e.key.text()), literal_value(e.value));
    return value::object(std::move(fields));
  }
  }
  return {};
}

formula make_formula(const written& from) {
  if (from.broken)
    return formula::literal({});
  if (from.text)
    return formula::text(*from.text);
  if (from.at.kind() < node_kind::list)
    return formula::literal(literal_value(from.at));
  if (from.at.is(node_kind::list)) {
    std::vector<formula> items;
    for (const written& item : from.items)
      items.push_back(make_formula(item));
    return formula::list(std::move(items));
  }
  std::vector<std::pair<std::string, formula>> entries;
  for (const auto& [name, item] : from.entries)
    entries.emplace_back(name, make_formula(item));
  return formula::map(std::move(entries));
}

} // namespace troupe::workflow
