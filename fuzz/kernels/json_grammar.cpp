// Any bytes as a schema, a line, and a text: refused with a reason, or the text is read. What the mask allows
// is what is accepted, token by token.
#include "kernels/grammar/grammar.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using namespace troupe::kernels;
namespace json = troupe::kernels::grammar;

std::shared_ptr<const json::token_index> tokens() {
  static const auto index = [] {
    std::vector<std::string> bytes;
    for (int byte = 0; byte < 256; ++byte)
      bytes.emplace_back(1, static_cast<char>(byte));
    for (const char* more :
         {"{\"", "\":", "\",\"", "\"}", "},{", "true", "12", "\\u00", ": [", "]]", "\xc3\xa9", "ab"})
      bytes.emplace_back(more);
    bytes.emplace_back();
    const auto eos = static_cast<token_id>(bytes.size() - 1);
    return std::make_shared<const json::token_index>(std::move(bytes), eos);
  }();
  return index;
}

bool has(const std::vector<std::uint64_t>& bits, token_id id) {
  return (bits[static_cast<std::size_t>(id) / 64] >> (id % 64) & 1) != 0;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  constexpr std::size_t text_max = 64;
  const std::string_view all(reinterpret_cast<const char*>(bytes), size);
  const auto line = std::min(all.find('\n'), all.size());
  const auto made = json::grammar::of_schema(all.substr(0, line), tokens());
  if (!made) {
    if (made.error().message.empty())
      std::abort();
    return 0;
  }
  const auto text = json::grammar::begin(*made);
  std::vector<std::uint64_t> allowed(words_for(tokens()->size()));
  for (const char c : all.substr(std::min(line + 1, all.size())).substr(0, text_max)) {
    text->allow(allowed);
    for (token_id id = 0; id < *tokens()->eos(); ++id)
      if (has(allowed, id) != text->copy()->accept(id))
        std::abort();
    if (has(allowed, *tokens()->eos()) != text->is_complete())
      std::abort();
    if (!text->accept(static_cast<unsigned char>(c)))
      break;
  }
  return 0;
}
