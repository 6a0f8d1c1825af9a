#pragma once

#include "config/document/document.hpp"

#include <string>

namespace troupe::config {

/// One step of a YAML stream, free of the library that reads it. Offsets are bytes of the whole file.
struct yaml_event {
  enum class type : std::uint8_t { document, map_begin, map_end, list_begin, list_end, scalar, alias };

  type what = type::scalar;
  std::size_t begin = 0; // of what is written; quotes, brackets and the alias' star included
  std::size_t end = 0;   // ends of block collections, and absent scalars, are written nowhere: begin == end
  bool written = true;   // false: an absent scalar (`key:`), whose place follows from what is around it

  scalar_style style = scalar_style::plain;
  std::string text;                 // scalars: decoded; aliases: the anchor's name
  std::string tag;                  // resolved; empty: none
  std::string anchor;               // name; empty: none
  std::string version;              // documents: a %YAML directive's, if given
  std::size_t properties_begin = 0; // of tag and anchor, when there is one
  std::size_t properties_end = 0;
  std::size_t content_begin = 0; // scalars: what the text was decoded from
  std::size_t content_end = 0;
};

} // namespace troupe::config
