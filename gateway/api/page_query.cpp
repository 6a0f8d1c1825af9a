#include "gateway/api/page_query.hpp"

#include <nlohmann/json.hpp>

namespace troupe::gateway {

checked<page_query> read_page(query_reader& query) {
  page_query page;
  page.limit = query.count("limit", page_limit_default, page_limit_max);
  const auto text = query.text("cursor", cursor_bytes_max);
  if (auto problem = query.finish())
    return tl::unexpected(std::move(*problem));
  auto cursor = cursor_from_text(text);
  if (!cursor)
    return tl::unexpected(cursor.error());
  page.cursor = std::move(*cursor);
  return page;
}

http_response page_response(json items, const std::string& next_cursor) {
  const bool complete = next_cursor.empty();
  return ok(json{{"items", std::move(items)},
                 {"next_cursor", complete ? json(nullptr) : json(cursor_to_text(next_cursor))},
                 {"complete", complete}});
}

} // namespace troupe::gateway
