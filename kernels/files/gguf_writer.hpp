#pragma once

#include "kernels/base/new_file.hpp"
#include "kernels/files/gguf_value.hpp"
#include "kernels/files/tensor_source.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::kernels {

/// Collects keys and tensors and writes a GGUF file of version 3. A key set twice holds the last value; keys
/// stand in the file in the order in which they were first set.
class gguf_writer {
public:
  void set_text(const std::string& key, std::string_view value);
  void set_count(const std::string& key, std::uint32_t value);
  void set_number(const std::string& key, float value);
  void set_flag(const std::string& key, bool value);
  void set_texts(const std::string& key, const std::vector<std::string>& values);
  void set_numbers(const std::string& key, const std::vector<float>& values);
  void set_integers(const std::string& key, const std::vector<std::int32_t>& values);
  /// A value as another file has it.
  void set(const std::string& key, const gguf_value& value);

  void add(tensor_source tensor) { tensors_.push_back(std::move(tensor)); }

  result<done> write(const std::string& path) const;

private:
  std::string& entry(const std::string& key, gguf_type type);
  result<std::string> head() const;
  static result<done> write_tensor(const tensor_source& tensor, new_file& out);

  std::vector<std::pair<std::string, std::string>> entries_; // key, bytes behind the key
  std::vector<tensor_source> tensors_;
};

} // namespace troupe::kernels
