#include "runtime/base/ulid.hpp"

#include <array>
#include <sodium.h>

namespace troupe {
namespace {

__extension__ typedef unsigned __int128 wide;

constexpr char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 48 bits of time and 80 of payload, five bits a character, most significant first.
std::string spell(std::uint64_t ms, std::uint16_t high, std::uint64_t low) {
  std::string text(26, '0');
  for (std::size_t i = 10; i-- > 0; ms >>= 5)
    text[i] = alphabet[ms & 31];
  auto bits = (static_cast<wide>(high) << 64) | low;
  for (std::size_t i = 26; i-- > 10; bits >>= 5)
    text[i] = alphabet[static_cast<unsigned>(bits) & 31];
  return text;
}

} // namespace

std::string make_ulid(instant now, random_source& random) {
  auto high = static_cast<std::uint16_t>(random.next());
  return spell(static_cast<std::uint64_t>(to_ms(now)), high, random.next());
}

std::string stable_ulid(instant at, const std::string& text) {
  std::array<unsigned char, 16> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), nullptr, 0);
  std::uint64_t low = 0;
  for (std::size_t i = 0; i < 8; ++i)
    low = low << 8 | hash[i];
  auto high = static_cast<std::uint16_t>(hash[8] << 8 | hash[9]);
  return spell(static_cast<std::uint64_t>(to_ms(at)), high, low);
}

} // namespace troupe
