#pragma once

#include "kernels/base/mapped_file.hpp"
#include "kernels/files/tensor.hpp"
#include "kernels/files/tensor_source.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::kernels {

/// Named tensors of one or several files, and the mappings they lie in.
struct tensor_set {
  std::string name; // of the file or folder, for errors
  std::map<std::string, tensor_view, std::less<>> tensors;
  std::vector<std::shared_ptr<const mapped_file>> files;

  /// not_found when there is none, refused when its numbers are of a kind that we do not read.
  result<tensor_view> tensor(std::string_view which) const;
};

/// A safetensors file, checked as a whole: sizes agree with shapes, and the tensors fill the data without
/// overlap or hole.
result<tensor_set> open_safetensors(const std::string& path);
result<tensor_set> read_safetensors(std::shared_ptr<const mapped_file> file);

/// The weights of a Hugging Face folder: model.safetensors, or the shards that model.safetensors.index.json
/// names.
result<tensor_set> open_tensor_folder(const std::string& folder);

result<done> write_safetensors(const std::string& path, const std::vector<tensor_source>& tensors,
                               const std::map<std::string, std::string>& metadata = {});

} // namespace troupe::kernels
