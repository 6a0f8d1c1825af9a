#include "actors/models/price.hpp"

#include "actors/models/limits.hpp"

#include <algorithm>
#include <string_view>

namespace troupe::models {
namespace {

/// Both factors are capped so that three products and their sum stay within 64 bits.
std::int64_t product(std::int64_t tokens, std::int64_t price) {
  return std::clamp<std::int64_t>(tokens, 0, limits::tokens) *
         std::clamp<std::int64_t>(price, 0, limits::price_micro);
}

/// "-2026-01-02" or "-0613": another name altogether ("-mini") has a price of its own.
bool is_date_suffix(std::string_view suffix) {
  return suffix.size() > 1 && suffix[0] == '-' &&
         suffix.find_first_not_of("0123456789-") == std::string_view::npos;
}

} // namespace

std::int64_t cost_micro(const model_price& price, const token_usage& usage) {
  constexpr std::int64_t million = 1'000'000;
  const std::int64_t cached =
      std::clamp<std::int64_t>(usage.cached, 0, std::max<std::int64_t>(usage.prompt, 0));
  const std::int64_t total = product(usage.prompt - cached, price.prompt) +
                             product(cached, price.cached.value_or(price.prompt)) +
                             product(usage.completion, price.completion);
  return (total + million - 1) / million;
}

price_table::price_table(std::map<std::string, model_price> prices)
    : prices_(std::move(prices)) {}

std::optional<std::int64_t> price_table::cost(const std::string& model, const token_usage& usage) const {
  const model_price* found = nullptr;
  std::size_t length = 0;
  for (const auto& [name, price] : prices_) {
    const bool dated = model.starts_with(name) && is_date_suffix(std::string_view(model).substr(name.size()));
    if ((model == name || dated) && name.size() >= length) {
      found = &price;
      length = name.size();
    }
  }
  if (found == nullptr)
    return std::nullopt;
  return cost_micro(*found, usage);
}

} // namespace troupe::models
