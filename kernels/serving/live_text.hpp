#pragma once

#include "kernels/serving/adapter_registry.hpp"
#include "kernels/serving/text_writer.hpp"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace troupe::kernels {

/// One request under way: its tokens, how far the cache has them, and what it has made.
class live_text {
public:
  live_text(request_id id, text_request asked, const tokenizer* words, const model_shape& shape,
            std::uint32_t tokens_max);

  request_id id() const noexcept { return id_; }
  const text_request& asked() const noexcept { return asked_; }
  const std::vector<token_id>& tokens() const noexcept { return tokens_; }
  std::uint32_t pending() const noexcept { return static_cast<std::uint32_t>(tokens_.size()) - computed; }

  /// Finds out what the form lets come next, if there is one. May run beside the forward pass, on another
  /// thread; `go_on` makes up for it where it did not.
  void prepare();
  /// Goes on from the logits of the last token: draws and takes the next one, and what is forced behind it.
  void go_on(std::span<const float> logits);
  /// Hidden states of positions in order, for an embedding.
  void add_hidden(const activations& rows, std::size_t first, std::size_t count);
  /// It is computed again from the start.
  void forget_hidden() { hidden_sum_.clear(); }

  bool is_over() const noexcept { return end_.has_value(); }
  void finish(text_finish why, std::string problem = {});
  /// What has come since the last call.
  text_update take_update();
  bool has_news() const noexcept { return news_ || is_over(); }

  // Where it stands in the cache; the scheduler's.
  std::uint32_t computed = 0; // positions whose keys and values are in `pages`
  std::vector<page_id> pages;
  prefix_cache::place known = 0; // the last of its pages that the prefix cache has
  std::uint32_t known_pages = 0;
  std::optional<adapter_registry::lease> with; // from its first step on
  text_usage usage;

private:
  bool ends_at(token_id token) const;
  std::optional<token_id> forced_token();
  std::optional<token_id> drawn(std::span<const float> logits);
  std::optional<token_score> score_of(std::span<const float> logits, token_id token) const;
  void take(token_id token, std::optional<token_score> score);
  void take_forced();
  bool may_end() const;
  bool nothing_follows();
  std::vector<token_id> end_tokens() const;

  request_id id_;
  text_request asked_;
  const model_shape& shape_;
  std::uint32_t tokens_max_;
  std::vector<token_id> tokens_; // the prompt and what has been made
  token_counts counts_;
  text_writer writer_;
  std::vector<token_id> fresh_; // made since the last update
  std::vector<double> hidden_sum_;
  std::vector<std::uint64_t> allowed_; // by the form, from here on; empty: to be found out
  std::optional<text_end> end_;
  bool news_ = false;
};

} // namespace troupe::kernels
