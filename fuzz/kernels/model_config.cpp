// Any text: a config.json is refused with a reason, or its shape is one that a model can have.
#include "kernels/model/hf_config.hpp"
#include "kernels/model/memory.hpp"
#include "kernels/model/rope.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace {

using namespace troupe::kernels;

void require(bool holds) {
  if (!holds)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto config = json_object::parse("x", {reinterpret_cast<const char*>(bytes), size});
  if (!config)
    return 0;
  const auto shape = read_hf_config(*config);
  if (!shape) {
    require(!shape.error().message.empty());
    return 0;
  }
  require(check_shape("x", *shape).has_value());
  require(cache_bytes_per_position(*shape) > 0);
  const auto frequencies = rope_frequencies(shape->rope);
  require(std::ranges::all_of(frequencies, [](float f) { return std::isfinite(f); }));
  return 0;
}
