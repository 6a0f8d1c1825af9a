#include "kernels/tokenizer/decoding.hpp"

#include "kernels/tokenizer/tokenizer.hpp"
#include "kernels/unicode/utf8.hpp"

namespace troupe::kernels {

detokenizer::detokenizer(const tokenizer& of, bool special)
    : of_(of)
    , special_(special)
    , strips_left_(of.decoder().strip_max) {}

std::string detokenizer::next(token_id id) {
  if (!special_ && of_.is_special(id))
    return {};
  const auto& how = of_.decoder();
  auto bytes = of_.bytes_of(id);
  if (how.strips_each)
    strips_left_ = how.strip_max;
  bool stripped = at_text_begin_ || how.strips_each;
  while (stripped && strips_left_ > 0 && !how.strip.empty() && bytes.starts_with(how.strip)) {
    bytes.erase(0, how.strip.size());
    --strips_left_;
  }
  at_text_begin_ = at_text_begin_ && bytes.empty();
  if (!first_)
    held_ += how.separator;
  first_ = false;
  held_ += bytes;
  return shown(false);
}

std::string detokenizer::finish() { return shown(true); }

std::string detokenizer::shown(bool all) {
  const auto size = all ? held_.size() : unicode::whole_prefix(held_);
  auto text = unicode::repaired(std::string_view(held_).substr(0, size));
  held_.erase(0, size);
  return text;
}

} // namespace troupe::kernels
