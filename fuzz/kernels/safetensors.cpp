// Any bytes: a safetensors file is refused, or its tensors lie within it, apart, and are written and read
// back the same.
#include "kernels/files/safetensors.hpp"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace troupe::kernels;

void require(bool holds) {
  if (!holds)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto all = std::as_bytes(std::span(bytes, size));
  const auto set = read_safetensors(mapped_file::of_bytes("x", all));
  if (!set) {
    require(!set.error().message.empty());
    return 0;
  }
  std::size_t sum = 0;
  for (const auto& [name, view] : set->tensors) {
    sum += view.bytes.size();
    const auto tensor = set->tensor(name);
    require(!tensor || bytes_of(tensor->type, tensor->elements()) == tensor->bytes.size());
    require(std::ranges::count(view.bytes, std::byte{0}) >= 0); // reads every byte
  }
  require(sum + 8 <= size);
  return 0;
}
