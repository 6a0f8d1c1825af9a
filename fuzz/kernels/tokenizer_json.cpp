// Any bytes as a tokenizer.json: an error, or a tokenizer that answers any text and restores what it can.
#include "kernels/tokenizer/read.hpp"
#include "kernels/unicode/utf8.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace troupe::kernels;

void require(bool holds) {
  if (!holds)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto read = read_tokenizer_json({reinterpret_cast<const char*>(bytes), size});
  if (!read) {
    require(!read.error().message.empty());
    return 0;
  }
  for (const std::string_view text : {"", " ", "Hello  world\n\n é中🎉 1234 <s>don't", "\t\r\n  x"}) {
    const auto ids = read->encode(text, {true, false});
    if (!ids)
      continue;
    detokenizer out(*read, true);
    std::string all;
    for (const auto id : *ids) {
      const auto piece = out.next(id);
      require(unicode::first_invalid(piece) == std::string::npos);
      all += piece;
    }
    require(all + out.finish() == read->decode(*ids, true));
  }
  return 0;
}
