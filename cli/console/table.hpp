#pragma once

#include <string>
#include <vector>

namespace troupe::cli {

/// Text in columns, as wide as their widest cell; widths count characters, not bytes.
class table {
public:
  explicit table(std::vector<std::string> header);
  void row(std::vector<std::string> cells);
  std::size_t rows() const noexcept { return rows_.size(); }
  std::string text() const;

private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

} // namespace troupe::cli
