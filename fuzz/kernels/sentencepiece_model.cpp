// Any bytes as SentencePiece's tokenizer.model: an error, or a tokenizer that answers any text.
#include "kernels/tokenizer/read.hpp"

#include <cstdint>
#include <cstdlib>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace troupe::kernels;
  const auto read = read_sentencepiece(std::as_bytes(std::span(bytes, size)));
  if (!read)
    return 0;
  for (const std::string_view text : {"", " ", "Hello  world\n é中🎉 1234 <s>", "  a  b  "}) {
    const auto ids = read->encode(text, {true, false});
    if (ids && read->decode(*ids, true).size() > 1'000'000)
      std::abort(); // some forty characters cannot become so many
  }
  return 0;
}
