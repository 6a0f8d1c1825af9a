// Any bytes, cut anywhere: the events are the same as from one piece, and the assembly of an answer on top of
// them ends with an answer or a reason.
#include "actors/models/sse.hpp"
#include "actors/models/openai_wire.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace troupe::models;

constexpr std::size_t limit = 4'096; // small, so that the fuzzer reaches it

struct deaf final : troupe::progress_sink {
  void piece(std::string_view text) override { bytes += text.size(); }
  std::size_t bytes = 0;
};

std::vector<sse_event> parse(std::string_view text, std::size_t step, bool& overflowed) {
  sse_parser parser(limit);
  std::vector<sse_event> out;
  for (std::size_t at = 0; at < text.size(); at += step)
    for (auto& event : parser.feed(text.substr(at, step)))
      out.push_back(std::move(event));
  overflowed = parser.overflowed();
  return out;
}

void require(bool holds) {
  if (!holds)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  const std::size_t step = 1 + bytes[0] % 16;
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  bool one = false, other = false;
  const auto whole = parse(text, text.size() + 1, one);
  require(whole == parse(text, step, other) && one == other);

  chat_stream stream;
  deaf sink;
  for (std::size_t at = 0; at < text.size() && stream.feed(text.substr(at, step), sink); at += step)
    require(!stream.settled() || sink.bytes == 0 || stream.delivered());
  const auto reply = stream.finish();
  require(reply ? reply->text.size() == sink.bytes : !reply.error().kind.empty());
  return 0;
}
