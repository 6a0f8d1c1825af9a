#pragma once

#include "config/diagnostic/source.hpp"
#include "config/document/document.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace troupe::config {

/// One value as stored. Places are byte offsets; lines and columns are counted when somebody asks.
struct slot {
  node_kind kind = node_kind::null;
  scalar_style style = scalar_style::plain;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t content_begin = 0; // of scalars: without quotes; of block scalars: the first line's first byte
  std::size_t content_end = 0;

  std::string text;         // scalars, decoded
  bool truth = false;       // kind boolean
  std::int64_t integer = 0; // kind integer
  double real = 0;          // kind real

  std::uint32_t target = 0;       // itself, or what an alias stands for (never an alias)
  std::uint32_t first_child = 0;  // in tree::children: items, or key and value alternating
  std::uint32_t first_sorted = 0; // maps: in tree::sorted
  std::uint32_t size = 0;         // items or entries

  // What a walk from here visits, aliases followed.
  std::size_t nodes = 1;
  std::size_t text_bytes = 0;
  std::size_t height = 1;
};

/// Children lie in one array, so that aliases and merges share them instead of copying.
struct tree {
  explicit tree(source file)
      : in(std::move(file)) {}

  source in;
  std::vector<slot> slots;
  std::vector<std::uint32_t> children;
  std::vector<std::uint32_t> sorted; // entry numbers of each map by key
  std::uint32_t root = 0;
};

/// The offset in the file of a byte of a scalar's text; `text_offset` up to and including its size.
std::size_t source_offset(const tree& in, const slot& scalar, std::size_t text_offset);

} // namespace troupe::config
