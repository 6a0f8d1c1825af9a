#pragma once

#include <array>
#include <cstdint>

namespace troupe::kernels::grammar {

/// How texts are spelled: as they are in UTF-8, or within the quotes of a JSON string; there with every
/// escape there is, or with escapes only where they must be, so that each text is spelled in one way.
enum class spelling : std::uint8_t { plain, json, shortest_json };

/// What has been read of a character that is not whole yet; 0 is nothing of it.
using part_of_character = std::uint32_t;

struct decoded_byte {
  enum class kind : std::uint8_t { impossible, part, whole };
  kind what = kind::impossible;
  part_of_character part = 0;
  char32_t character = 0;
};

/// Takes one byte more. The quote that ends a JSON string is no part of it, so it is `impossible` here.
decoded_byte decode(part_of_character part, std::uint8_t byte, spelling how) noexcept;

/// The characters that a part can become, as ranges; surrogates may be among them.
struct possible_characters {
  struct range {
    char32_t first = 0;
    char32_t last = 0;
  };
  std::array<range, 3> ranges{};
  std::size_t count = 0;
};
possible_characters possible(part_of_character part) noexcept;

} // namespace troupe::kernels::grammar
