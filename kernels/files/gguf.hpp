#pragma once

#include "kernels/base/mapped_file.hpp"
#include "kernels/files/gguf_value.hpp"
#include "kernels/files/tensor.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::kernels {

/// A GGUF file, version 2 or 3, little endian. Opening checks everything that the file says about itself;
/// what is handed out then are views, valid as long as somebody holds `file()`. Copies share the mapping.
class gguf_file {
public:
  struct tensor_entry {
    tensor_view view;
    std::uint32_t kind = 0;   // its number in the file, for names of kinds that we do not read
    std::uint64_t offset = 0; // within the file's data
  };

  static result<gguf_file> open(const std::string& path);
  static result<gguf_file> read(std::shared_ptr<const mapped_file> file);

  const std::shared_ptr<const mapped_file>& file() const noexcept { return file_; }
  std::uint32_t version() const noexcept { return version_; }
  const std::map<std::string_view, gguf_value>& metadata() const noexcept { return metadata_; }
  const std::map<std::string_view, tensor_entry>& tensors() const noexcept { return tensors_; }

  bool has(std::string_view key) const { return metadata_.contains(key); }

  /// not_found when there is no such key, corrupt when it is of another type. Numbers of any width will do;
  /// an integer may be read as a real number, and a signed one as unsigned if it is not negative.
  result<std::string_view> text(std::string_view key) const;
  result<std::uint64_t> count(std::string_view key) const;
  result<double> number(std::string_view key) const;
  result<bool> flag(std::string_view key) const;
  result<std::vector<std::string_view>> texts(std::string_view key) const;
  result<std::vector<float>> numbers(std::string_view key) const;
  result<std::vector<std::int64_t>> integers(std::string_view key) const;

  /// not_found when there is none, refused when its kind is none that we read.
  result<tensor_view> tensor(std::string_view name) const;

private:
  gguf_file() = default;
  friend class gguf_reader;

  result<const gguf_value*> find(std::string_view key) const;

  std::shared_ptr<const mapped_file> file_;
  std::uint32_t version_ = 0;
  std::map<std::string_view, gguf_value> metadata_;
  std::map<std::string_view, tensor_entry> tensors_;
};

} // namespace troupe::kernels
