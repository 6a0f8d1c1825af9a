#include "kernels/train/event_file.hpp"

#include <array>
#include <bit>
#include <filesystem>

namespace troupe::kernels::train {

namespace {

constexpr std::array<std::uint32_t, 256> crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = (value >> 1) ^ ((value & 1) != 0 ? 0x82f63b78u : 0u);
    table[i] = value;
  }
  return table;
}();

/// Checksums of data that holds checksums are weak, so the files turn and shift them.
std::uint32_t masked(std::uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xa282ead8u; }

template<class T>
void put(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof value; ++i)
    out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
}

// The few pieces of Protobuf's wire format that an Event needs.
void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

void put_bytes(std::string& out, std::uint32_t field, std::string_view bytes) {
  put_varint(out, field << 3 | 2);
  put_varint(out, bytes.size());
  out += bytes;
}

std::string event_at(double seconds) {
  std::string event;
  put_varint(event, 1 << 3 | 1); // wall_time
  put(event, std::bit_cast<std::uint64_t>(seconds));
  return event;
}

} // namespace

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = ~0u;
  for (const char c : bytes)
    crc = crc_table[(crc ^ static_cast<unsigned char>(c)) & 0xff] ^ (crc >> 8);
  return ~crc;
}

result<event_file> event_file::open(const std::string& folder, double seconds) {
  const auto name = "events.out.tfevents." + std::to_string(static_cast<std::int64_t>(seconds)) + ".troupe";
  const auto path = std::filesystem::path(folder) / name;
  std::ofstream out(path, std::ios::binary | std::ios::app);
  if (!out)
    return fail(fault::unavailable, "cannot write " + path.string());
  event_file made(std::move(out));
  auto first = event_at(seconds);
  put_bytes(first, 3, "brain.Event:2"); // file_version
  made.record(first);
  return made;
}

void event_file::add(double seconds, std::uint64_t step, std::string_view tag, float value) {
  std::string point;
  put_bytes(point, 1, tag);
  put_varint(point, 2 << 3 | 5); // simple_value
  put(point, std::bit_cast<std::uint32_t>(value));
  std::string summary;
  put_bytes(summary, 1, point);
  auto event = event_at(seconds);
  put_varint(event, 2 << 3); // step
  put_varint(event, step);
  put_bytes(event, 5, summary);
  record(event);
}

void event_file::record(const std::string& event) {
  std::string length;
  put(length, std::uint64_t{event.size()});
  std::string framed = length;
  put(framed, masked(crc32c(length)));
  framed += event;
  put(framed, masked(crc32c(event)));
  out_.write(framed.data(), static_cast<std::streamsize>(framed.size()));
  out_.flush();
}

} // namespace troupe::kernels::train
