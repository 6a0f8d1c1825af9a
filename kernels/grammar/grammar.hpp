#pragma once

#include "kernels/base/result.hpp"
#include "kernels/grammar/token_index.hpp"
#include "kernels/serving/constraint.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace troupe::kernels::grammar {

struct grammar_options {
  /// Bytes of white space in a row between words, where JSON allows any.
  std::uint32_t white_space = ~0u;
  /// 1e3 beside 1000.
  bool exponents = true;
  /// "\u0061" beside "a". Without, more of a text is forced.
  bool needless_escapes = true;
};

/// Writes text the way the model's tokenizer would.
using text_encoder = std::function<std::vector<token_id>(std::string_view)>;

/// What a text must be, over one vocabulary. Made once, shared by all texts and threads; what it finds out as
/// texts are read is kept behind a lock.
class grammar {
public:
  /// The JSON texts that fit the schema. `refused` names the keyword that cannot be enforced exactly.
  static result<std::shared_ptr<grammar>>
  of_schema(std::string_view schema, std::shared_ptr<const token_index> tokens, grammar_options how = {});
  /// The texts that an expression of ECMA 262 matches as a whole.
  static result<std::shared_ptr<grammar>> of_pattern(std::string_view pattern,
                                                     std::shared_ptr<const token_index> tokens);
  ~grammar();

  /// A text from its beginning. Without an encoder nothing is ever forced.
  static std::unique_ptr<token_constraint> begin(std::shared_ptr<grammar> of, text_encoder encoder = {});

  /// About what it holds in memory; grows as texts are read.
  std::size_t bytes() const;
  /// Half of the states it could still get when it was made are there: the next text had better have a new
  /// one, because a text in which the last state is used up ends with an error.
  bool is_worn() const;

  struct inside;
  inside& shared() noexcept { return *inside_; }

private:
  explicit grammar(std::unique_ptr<inside> made);

  std::unique_ptr<inside> inside_;
};

} // namespace troupe::kernels::grammar
