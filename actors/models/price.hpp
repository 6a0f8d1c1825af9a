#pragma once

#include "actors/models/chat.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace troupe::models {

/// What a million tokens cost, in millionths of the currency. $0.15 a million is 150'000.
struct model_price {
  std::int64_t prompt = 0;
  std::int64_t completion = 0;
  std::optional<std::int64_t> cached; // of the prompt; as `prompt` if absent
};

/// The cost in millionths of the currency, rounded up: a budget must never be the last to know.
std::int64_t cost_micro(const model_price& price, const token_usage& usage);

/// Prices by model name. A name with a dated suffix ("gpt-x-2026-01-02") is found by the name it begins with.
class price_table {
public:
  price_table() = default;
  explicit price_table(std::map<std::string, model_price> prices);

  /// Nothing if the model has no price: unknown is not free.
  std::optional<std::int64_t> cost(const std::string& model, const token_usage& usage) const;

private:
  std::map<std::string, model_price> prices_;
};

} // namespace troupe::models
