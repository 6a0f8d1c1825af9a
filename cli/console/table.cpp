#include "cli/console/table.hpp"

#include "config/diagnostic/source.hpp"
#include "config/result.hpp"

#include <algorithm>

namespace troupe::cli {

namespace {

constexpr std::size_t gap = 2;

void widen(std::vector<std::size_t>& widths, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i)
    widths[i] = std::max(widths[i], config::count_characters(cells[i]));
}

/// Nothing is padded behind the last cell: terminals would wrap it.
std::string line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i + 1 < cells.size(); ++i)
    line += cells[i] + std::string(widths[i] + gap - config::count_characters(cells[i]), ' ');
  line += cells.back();
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

} // namespace

table::table(std::vector<std::string> header)
    : header_(std::move(header)) {}

void table::row(std::vector<std::string> cells) {
  ensure(cells.size() == header_.size(), "a row has a cell for each column");
  rows_.push_back(std::move(cells));
}

std::string table::text() const {
  std::vector<std::size_t> widths(header_.size(), 0);
  widen(widths, header_);
  for (const auto& cells : rows_)
    widen(widths, cells);
  auto text = line_of(header_, widths);
  for (const auto& cells : rows_)
    text += line_of(cells, widths);
  return text;
}

} // namespace troupe::cli
