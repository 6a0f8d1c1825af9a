#include "actors/models/native/call_marks.hpp"

#include <algorithm>

namespace troupe::models {

using kernels::token_bits;
using kernels::token_id;

namespace {

void clear(token_bits bits, token_id token) {
  if (const auto word = static_cast<std::size_t>(token) / 64; word < bits.size())
    bits[word] &= ~(std::uint64_t{1} << (token % 64));
}

void add(token_bits bits, const kernels::grammar::token_set& those) {
  const auto words = those.words();
  for (std::size_t i = 0; i < std::min(words.size(), bits.size()); ++i)
    bits[i] |= words[i];
}

void set(token_bits bits, token_id token) {
  if (const auto word = static_cast<std::size_t>(token) / 64; word < bits.size())
    bits[word] |= std::uint64_t{1} << (token % 64);
}

/// No mark begins anew within itself, so a mismatch starts over.
class reply_with_calls final : public kernels::token_constraint {
public:
  reply_with_calls(const call_marks& marks, std::unique_ptr<kernels::token_constraint> calls)
      : marks_(marks)
      , calls_(std::move(calls)) {}
  reply_with_calls(const reply_with_calls& other)
      : marks_(other.marks_)
      , calls_(other.calls_->copy())
      , call_(other.call_ ? other.call_->copy() : nullptr)
      , written_(other.written_)
      , begun_(other.begun_)
      , over_(other.over_) {}

  void allow(token_bits bits) override {
    if (call_)
      return call_->allow(bits);
    std::ranges::fill(bits, 0);
    if (over_)
      return;
    const bool may_begin = !marks_.only_at_begin() || !begun_;
    if (marks_.only_at_begin() && may_begin)
      calls_->allow(bits);
    add(bits, marks_.only_at_begin() && may_begin ? marks_.no_calls() : marks_.texts());
    if (marks_.mark_token() && may_begin)
      set(bits, *marks_.mark_token());
    if (!marks_.only_at_begin())
      for (const auto token : marks_.past_mark(written_))
        clear(bits, token);
  }

  bool accept(token_id token) override {
    if (call_)
      return go_on_with_call(token);
    if (over_)
      return false;
    const bool may_begin = !marks_.only_at_begin() || !begun_;
    if (may_begin && marks_.mark_token() == token) {
      call_ = calls_->copy();
      return true;
    }
    if (marks_.tokens().bytes(token).empty())
      return false;
    if (!marks_.only_at_begin())
      return read(marks_.tokens().bytes(token));
    if (may_begin && !marks_.no_calls().has(token))
      return begin_with(token);
    return begun_ = true;
  }

  bool is_complete() const override { return !call_; }
  std::vector<token_id> forced() override { return call_ ? call_->forced() : std::vector<token_id>(); }
  std::unique_ptr<token_constraint> copy() const override {
    return std::make_unique<reply_with_calls>(*this);
  }

private:
  bool begin_with(token_id token) {
    call_ = calls_->copy();
    if (go_on_with_call(token))
      return true;
    call_.reset();
    return false;
  }

  bool go_on_with_call(token_id token) {
    if (!call_->accept(token))
      return false;
    if (call_->is_complete()) {
      call_.reset();
      over_ = marks_.ends_text();
    }
    return true;
  }

  /// A mark may only be completed by the last byte.
  bool read(std::string_view bytes) {
    const auto& mark = marks_.mark();
    auto written = written_;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      written = bytes[i] == mark[written] ? written + 1 : bytes[i] == mark[0] ? 1 : 0;
      if (written == mark.size() && i + 1 < bytes.size())
        return false;
    }
    if (written == mark.size())
      call_ = calls_->copy();
    written_ = written % mark.size();
    return true;
  }

  const call_marks& marks_;
  std::unique_ptr<kernels::token_constraint> calls_; // before its first token
  std::unique_ptr<kernels::token_constraint> call_;  // that is being written
  std::size_t written_ = 0;                          // of a mark
  bool begun_ = false;
  bool over_ = false;
};

} // namespace

call_marks::call_marks(tool_style style, const kernels::tokenizer& words,
                       std::shared_ptr<const kernels::grammar::token_index> tokens)
    : style_(style)
    , mark_(call_mark(style))
    , mark_token_(mark_.empty() ? std::nullopt : words.find(mark_))
    , tokens_(std::move(tokens))
    , texts_(tokens_->size())
    , no_calls_(tokens_->size())
    , past_mark_(mark_.size()) {
  constexpr std::string_view begins_call = "{ \t\r\n";
  for (token_id token = 0; static_cast<std::size_t>(token) < tokens_->size(); ++token) {
    const auto bytes = tokens_->bytes(token);
    if (bytes.empty())
      continue;
    texts_.add(token);
    if (begins_call.find(bytes.front()) == std::string_view::npos)
      no_calls_.add(token);
    const auto inside = bytes.find(mark_);
    const bool past = inside != std::string_view::npos && inside + mark_.size() < bytes.size();
    for (std::size_t written = 0; written < mark_.size(); ++written) {
      const auto rest = std::string_view(mark_).substr(written);
      if (past || (bytes.size() > rest.size() && bytes.starts_with(rest)))
        past_mark_[written].push_back(token);
    }
  }
}

std::unique_ptr<kernels::token_constraint>
call_marks::hold(std::unique_ptr<kernels::token_constraint> calls) const {
  if (style_ == tool_style::none)
    return nullptr;
  return std::make_unique<reply_with_calls>(*this, std::move(calls));
}

} // namespace troupe::models
