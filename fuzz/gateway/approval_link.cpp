// Tokens from strangers: none passes that the signer has not made, and what it has made reads back.
#include "gateway/api/approval_link.hpp"
#include "config/invariant.hpp"

#include <cstddef>
#include <cstdint>

using namespace troupe;
using namespace troupe::gateway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  secret_key key{};
  key.fill(7);
  const link_signer signer(key);
  const auto read = signer.read(text, from_ms(0));
  ensure(!read || signer.sign(*read) == text, "a token that passes is one the signer made");
  const approval_link link{"l", std::string(text.substr(0, 100)), 5, "ben", "lead", "", from_ms(10)};
  const auto own = signer.read(signer.sign(link), from_ms(9));
  ensure(own && own->revision == 5 && own->by == "ben", "what it has made reads back");
  ensure(!signer.read(signer.sign(link), from_ms(10)), "its time ends");
  return 0;
}
