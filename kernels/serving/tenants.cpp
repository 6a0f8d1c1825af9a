#include "kernels/serving/tenants.hpp"

#include <algorithm>
#include <optional>

namespace troupe::kernels {

namespace {

constexpr std::size_t accounts_max = 4'096; // of tenants without texts, at most so many are remembered

} // namespace

void tenant_shares::came(const std::string& tenant) {
  auto& own = accounts_[tenant];
  if (own.texts++ > 0)
    return;
  std::optional<std::uint64_t> least;
  for (const auto& [name, other] : accounts_)
    if (other.texts > 0 && name != tenant)
      least = std::min(least.value_or(other.tokens), other.tokens);
  own.tokens = std::max(own.tokens, least.value_or(0));
  prune();
}

void tenant_shares::left(const std::string& tenant) {
  const auto own = accounts_.find(tenant);
  if (own != accounts_.end() && own->second.texts > 0)
    --own->second.texts;
}

void tenant_shares::served(const std::string& tenant, std::uint64_t tokens) {
  accounts_[tenant].tokens += tokens;
}

std::uint64_t tenant_shares::of(const std::string& tenant) const {
  const auto own = accounts_.find(tenant);
  return own == accounts_.end() ? 0 : own->second.tokens;
}

void tenant_shares::prune() {
  if (accounts_.size() > accounts_max)
    std::erase_if(accounts_, [](const auto& one) { return one.second.texts == 0; });
}

} // namespace troupe::kernels
