#pragma once

#include "gateway/api/answering.hpp"
#include "gateway/http/limits.hpp"
#include "gateway/http/query_reader.hpp"

#include <string>

namespace troupe::gateway {

struct page_query {
  std::string cursor;
  std::size_t limit = page_limit_default;
};

/// Reads limit and cursor; parameters asked for before through `query` are known to it as well.
checked<page_query> read_page(query_reader& query);

/// {items, next_cursor, complete}, each item made by `render`.
http_response page_response(json items, const std::string& next_cursor);

} // namespace troupe::gateway
