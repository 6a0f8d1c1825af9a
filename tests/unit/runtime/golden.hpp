#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace troupe::test {

/// The bytes of a file in tests/golden.
inline std::string golden(const std::string& name) {
  std::ifstream in(std::string(TROUPE_SOURCE_DIR) + "/tests/golden/" + name, std::ios::binary);
  if (!in)
    throw std::runtime_error("no golden file " + name);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

} // namespace troupe::test
