#include "cluster/link/framing.hpp"

namespace troupe::cluster {
namespace {

constexpr std::size_t header = 4;

} // namespace

std::string framed(std::string_view payload) {
  std::string bytes;
  bytes.reserve(header + payload.size());
  for (std::size_t i = 0; i < header; ++i)
    bytes += static_cast<char>(payload.size() >> (8 * i) & 0xff);
  bytes += payload;
  return bytes;
}

result<std::optional<std::string>> frame_reader::next() {
  auto waiting = std::string_view(buffer_).substr(begin_);
  if (waiting.size() < header)
    return std::optional<std::string>();
  std::size_t length = 0;
  for (std::size_t i = 0; i < header; ++i)
    length |= static_cast<std::size_t>(static_cast<unsigned char>(waiting[i])) << (8 * i);
  if (length > most_)
    return fail(fault::refused, "a frame of " + std::to_string(length) + " bytes; at most " +
                                    std::to_string(most_) + " are taken");
  if (waiting.size() < header + length)
    return std::optional<std::string>();
  std::optional<std::string> payload(waiting.substr(header, length));
  begin_ += header + length;
  if (begin_ > buffer_.size() / 2) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  return payload;
}

} // namespace troupe::cluster
