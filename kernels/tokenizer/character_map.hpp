#pragma once

#include "kernels/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::kernels {

/// SentencePiece's table of replacements, as its models carry it: a double array trie over UTF-8, then the
/// replacements, each ended by a zero byte.
class character_map {
public:
  static result<character_map> read(std::string_view blob);

  struct match {
    std::size_t size = 0;
    std::string_view with;
  };
  /// The longest entry that the text begins with.
  std::optional<match> longest(std::string_view text) const;

private:
  std::vector<std::uint32_t> units_;
  std::string replacements_;
};

} // namespace troupe::kernels
