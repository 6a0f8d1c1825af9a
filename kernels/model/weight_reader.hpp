#pragma once

#include "kernels/model/weights.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace troupe::kernels {

/// Takes tensors by name and shape out of a model's files and keeps the first error, so that a loader reads
/// like a list of what a model consists of. After a failure everything it returns is empty.
class weight_reader {
public:
  using find_tensor = std::function<result<tensor_view>(std::string_view)>;

  weight_reader(std::string name, find_tensor find, std::shared_ptr<const void> holds);

  bool failed() const noexcept { return failed_.has_value(); }
  const error& failure() const { return *failed_; }
  void fail_with(error e);

  matrix rows(const std::string& tensor, std::uint64_t rows, std::uint64_t columns);
  /// Several matrices one behind the other in one tensor: of experts, or of one expert each.
  matrix stacked(const std::string& tensor, std::uint64_t count, std::uint64_t rows, std::uint64_t columns);
  std::vector<float> numbers(const std::string& tensor, std::uint64_t count);
  linear linear_of(const std::string& prefix, std::uint64_t rows, std::uint64_t columns, bool bias);
  norm_weights norm_of(const std::string& prefix, std::uint64_t width, bool shift);

  /// Of all names, those that nobody asked for and that are not expected to be idle.
  template<class Map>
  void refuse_leftovers(const Map& tensors, const std::function<bool(std::string_view)>& idle) {
    for (const auto& [tensor, view] : tensors)
      if (!failed_ && !taken_.contains(tensor) && !idle(tensor))
        fail_with({fault::refused,
                   name_ + ": nothing in a model of this family uses tensor " + std::string(tensor),
                   {}});
  }

private:
  tensor_view take(const std::string& tensor, const std::vector<std::uint64_t>& shape);

  std::string name_;
  find_tensor find_;
  std::shared_ptr<const void> holds_;
  std::set<std::string, std::less<>> taken_;
  std::optional<error> failed_;
};

} // namespace troupe::kernels
