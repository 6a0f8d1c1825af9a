#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace troupe::kernels {

/// Who has been served how much: the one with texts to go on with who has had the least comes first. Who
/// comes back after a pause begins at what the least served of the others has had, so a pause earns nothing.
class tenant_shares {
public:
  void came(const std::string& tenant);
  void left(const std::string& tenant);
  void served(const std::string& tenant, std::uint64_t tokens);

  std::uint64_t of(const std::string& tenant) const;

private:
  struct account {
    std::uint64_t tokens = 0;
    std::size_t texts = 0;
  };
  void prune();

  std::map<std::string, account> accounts_;
};

} // namespace troupe::kernels
