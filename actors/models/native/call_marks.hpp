#pragma once

#include "actors/models/native/tool_calls.hpp"
#include "kernels/grammar/token_index.hpp"
#include "kernels/serving/constraint.hpp"
#include "kernels/tokenizer/tokenizer.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe::models {

/// How the calls of one model are found in a reply while it is being written. Immutable; outlives its texts.
class call_marks {
public:
  call_marks(tool_style style, const kernels::tokenizer& words,
             std::shared_ptr<const kernels::grammar::token_index> tokens);

  /// A reply in which whatever stands where a call does is one of `calls`; the rest is free. Null if the
  /// model has no way to call.
  std::unique_ptr<kernels::token_constraint> hold(std::unique_ptr<kernels::token_constraint> calls) const;

  /// The whole reply is a call, or none.
  bool only_at_begin() const noexcept { return style_ == tool_style::parameters; }
  /// Nothing comes behind the calls.
  bool ends_text() const noexcept { return style_ != tool_style::tagged; }
  const std::string& mark() const noexcept { return mark_; }
  std::optional<kernels::token_id> mark_token() const noexcept { return mark_token_; }
  const kernels::grammar::token_index& tokens() const noexcept { return *tokens_; }
  /// Everything that stands for text.
  const kernels::grammar::token_set& texts() const noexcept { return texts_; }
  /// Of these, what could begin a reply that is no call.
  const kernels::grammar::token_set& no_calls() const noexcept { return no_calls_; }
  /// With so much of the mark written these would complete it and go on; a call begins right behind it.
  const std::vector<kernels::token_id>& past_mark(std::size_t written) const { return past_mark_[written]; }

private:
  tool_style style_;
  std::string mark_;
  std::optional<kernels::token_id> mark_token_;
  std::shared_ptr<const kernels::grammar::token_index> tokens_;
  kernels::grammar::token_set texts_;
  kernels::grammar::token_set no_calls_;
  std::vector<std::vector<kernels::token_id>> past_mark_; // by how much is written
};

} // namespace troupe::models
