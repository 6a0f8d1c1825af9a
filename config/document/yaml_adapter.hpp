#pragma once

#include "config/document/tree_builder.hpp"

namespace troupe::config {

/// Reads `in` (valid UTF-8) into `builder`; a syntax error goes to `found`. True if a block scalar reaches
/// the file's end: libfyaml 0.7.12 may then give text that it never wrote to, so that the caller must read
/// again with an end mark (`...` on a line of its own) behind the file.
bool read_yaml(const source& in, bool with_end_mark, tree_builder& builder, diagnostics& found);

} // namespace troupe::config
