#pragma once

#include "kernels/base/token_id.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace troupe::kernels {

/// A set of tokens of one vocabulary: bit t % 64 of word t / 64, the bits behind the last token clear.
using token_bits = std::span<std::uint64_t>;

constexpr std::size_t words_for(std::size_t vocabulary) { return (vocabulary + 63) / 64; }

/// What one text may go on with: a grammar, a schema, a list of choices. Belongs to one text and is used by
/// one thread; what several texts share (the compiled grammar) lies behind it, immutable.
///
/// For each token the scheduler asks `forced` first. What is forced is appended without a draw, with
/// `accept` for each; else `allow` masks the logits, one is drawn and accepted. The text ends when a token
/// that ends texts (EOS, or one that ends a turn) is drawn, which happens only where `is_complete`, and is
/// not accepted; or without one, where nothing else may come.
class token_constraint {
public:
  virtual ~token_constraint() = default;

  /// Overwrites `bits`, words_for(vocabulary) of them, with the tokens that may come next; tokens that end
  /// texts are among them exactly where `is_complete`. At least one token is, unless the text got stuck: then
  /// the scheduler ends it with an error.
  virtual void allow(token_bits bits) = 0;

  /// Goes on by a token of the text. False, and nothing changes, if it is not allowed.
  virtual bool accept(token_id token) = 0;

  /// The text may end here.
  virtual bool is_complete() const = 0;

  /// Tokens that must come next whatever the model would say; often none. They are the very ones that its
  /// tokenizer would write, so that the model sees text as it knows it. Changes nothing: they are accepted
  /// one by one afterwards, fewer of them when the text reaches its length limit.
  virtual std::vector<token_id> forced() = 0;

  /// A text beside this one that goes on from the same place.
  virtual std::unique_ptr<token_constraint> copy() const = 0;
};

} // namespace troupe::kernels
