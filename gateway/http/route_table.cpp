#include "gateway/http/route_table.hpp"

#include "config/result.hpp"

#include <algorithm>

namespace troupe::gateway {

std::vector<route_table::segment> route_table::compile(std::string_view path) {
  ensure(path.starts_with('/'), "a path template begins with a slash");
  std::vector<segment> segments;
  for (std::size_t begin = 1; begin <= path.size();) {
    auto end = std::min(path.find('/', begin), path.size());
    auto text = path.substr(begin, end - begin);
    if (text.starts_with('{') && text.ends_with('}'))
      segments.push_back({std::string(text.substr(1, text.size() - 2)), true});
    else
      segments.push_back({std::string(text), false});
    begin = end + 1;
  }
  return segments;
}

void route_table::add(route row) {
  ensure(std::ranges::none_of(rows_,
                              [&](const compiled& other) {
                                return other.declared.method == row.method && other.declared.path == row.path;
                              }),
         "each method and path is served once");
  ensure(row.handler != nullptr, "a route has a handler");
  auto segments = compile(row.path);
  rows_.push_back({std::move(row), std::move(segments)});
}

void route_table::add_schema(std::string name, std::string schema) {
  schemas_.push_back({std::move(name), std::move(schema)});
}

bool route_table::fits(const compiled& row, const std::vector<std::string>& segments) noexcept {
  return std::ranges::equal(row.segments, segments, [](const segment& want, const std::string& have) {
    return want.parameter ? !have.empty() : want.text == have;
  });
}

bool route_table::more_literal(const compiled& a, const compiled& b) noexcept {
  // The leftmost difference decides, as a reader of the paths would expect.
  return std::ranges::lexicographical_compare(a.segments, b.segments, {}, &segment::parameter,
                                              &segment::parameter);
}

route_match route_table::match(http_method method, const std::vector<std::string>& segments) const {
  const auto wanted = method == http_method::head ? http_method::get : method;
  route_match out;
  const compiled* best = nullptr;
  for (const auto& row : rows_) {
    if (!fits(row, segments))
      continue;
    out.allowed.push_back(row.declared.method);
    if (row.declared.method == wanted && (!best || more_literal(row, *best)))
      best = &row;
  }
  if (!best)
    return out;
  out.found = &best->declared;
  for (std::size_t i = 0; i < segments.size(); ++i)
    if (best->segments[i].parameter)
      out.params.emplace_back(best->segments[i].text, segments[i]);
  return out;
}

} // namespace troupe::gateway
