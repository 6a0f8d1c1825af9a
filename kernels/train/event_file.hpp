#pragma once

#include "kernels/base/result.hpp"

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

namespace troupe::kernels::train {

/// Curves as TensorBoard reads them: records of a length, its checksum, a Protobuf Event, its checksum.
class event_file {
public:
  /// Appends to DIR/events.out.tfevents.SECONDS.troupe.
  static result<event_file> open(const std::string& folder, double seconds);

  void add(double seconds, std::uint64_t step, std::string_view tag, float value);

private:
  explicit event_file(std::ofstream out)
      : out_(std::move(out)) {}
  void record(const std::string& event);

  std::ofstream out_;
};

/// CRC-32C, as those files and many others have it.
std::uint32_t crc32c(std::string_view bytes);

} // namespace troupe::kernels::train
