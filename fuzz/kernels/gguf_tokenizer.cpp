// Any bytes as a GGUF with a vocabulary: an error, or a tokenizer that answers any text.
#include "kernels/tokenizer/read.hpp"
#include "kernels/unicode/utf8.hpp"

#include <cstdint>
#include <cstdlib>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace troupe::kernels;
  const auto file = gguf_file::read(mapped_file::of_bytes("input", std::as_bytes(std::span(bytes, size))));
  if (!file)
    return 0;
  const auto read = read_gguf_tokenizer(*file);
  if (!read)
    return 0;
  for (const std::string_view text : {"", " ", "Hello  world\n é中🎉 1234 <s>don't", "  a  b  "}) {
    const auto ids = read->encode(text, {true, false});
    if (ids && unicode::first_invalid(read->decode(*ids, true)) != std::string::npos)
      std::abort();
  }
  return 0;
}
