#pragma once

#include "kernels/files/tensor_source.hpp"

#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace troupe::kernels::tests {

/// A folder of the test's own, gone with it.
struct scratch {
  explicit scratch(const std::string& name = "run_kernels_files")
      : path(std::filesystem::path(TROUPE_BINARY_DIR) / "tests" / name) {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~scratch() { std::filesystem::remove_all(path); }

  std::string in(const std::string& name) const { return (path / name).string(); }

  std::filesystem::path path;
};

template<class Number>
std::vector<std::byte> bytes_of_numbers(const std::vector<Number>& numbers) {
  const auto bytes = std::as_bytes(std::span(numbers));
  return {bytes.begin(), bytes.end()};
}

inline tensor_source f32_tensor(std::string name, std::vector<std::uint64_t> shape,
                                std::vector<float> values) {
  return {std::move(name), dtype::f32, std::move(shape),
          [values]() -> result<std::vector<std::byte>> { return bytes_of_numbers(values); }};
}

} // namespace troupe::kernels::tests
