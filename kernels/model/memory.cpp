#include "kernels/model/memory.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <optional>

namespace troupe::kernels {

namespace {

/// The first number of a small system file, behind a word if one is given.
std::optional<std::uint64_t> number_in(const char* path, std::string_view behind = {}) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    if (!line.starts_with(behind))
      continue;
    const auto begin = line.find_first_of("0123456789");
    std::uint64_t number = 0;
    if (begin != std::string::npos &&
        std::from_chars(line.data() + begin, line.data() + line.size(), number).ec == std::errc())
      return number;
  }
  return std::nullopt;
}

} // namespace

std::uint64_t cache_bytes_per_position(const model_shape& shape) {
  return std::uint64_t{2} * shape.layers * shape.kv_width() * sizeof(float);
}

std::string text_of_bytes(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
  auto amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; amount >= 1024 && unit + 1 < units.size(); ++unit)
    amount /= 1024;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", amount, units[unit]);
  return text.data();
}

result<done> check_fits(const memory_need& need, std::uint64_t available) {
  if (need.sum() <= available)
    return done{};
  return fail(fault::refused,
              "the model does not fit in memory: weights " + text_of_bytes(need.weights) +
                  " + keys and values " + text_of_bytes(need.cache) + " + adapters " +
                  text_of_bytes(need.adapters) + " = " + text_of_bytes(need.sum()) + ", available " +
                  text_of_bytes(available),
              "use a smaller or quantised model, or a shorter context");
}

result<std::uint64_t> available_memory() {
  const auto machine = number_in("/proc/meminfo", "MemAvailable:");
  if (!machine)
    return fail(fault::unavailable, "the system does not say how much memory is available");
  auto available = *machine * 1024;
  const auto most = number_in("/sys/fs/cgroup/memory.max");
  const auto used = number_in("/sys/fs/cgroup/memory.current");
  if (most && used)
    available = std::min(available, *most - std::min(*most, *used));
  return available;
}

} // namespace troupe::kernels
