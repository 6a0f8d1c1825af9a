#include "kernels/pattern/pattern.hpp"

#include "kernels/pattern/matcher.hpp"
#include "kernels/unicode/utf8.hpp"

namespace troupe::kernels {

namespace {

tl::unexpected<error> too_long(const std::string& source) {
  return fail(fault::refused, "the pattern takes too many steps on this text: " + source.substr(0, 80),
              "nested repetition over the same characters takes exponential time");
}

/// The leftmost match that `matcher` finds from `from` on.
std::optional<text_span> search(pattern_matcher& matcher, std::string_view text, std::size_t from) {
  for (auto at = from; at <= text.size() && !matcher.exhausted();) {
    if (const auto end = matcher.match_at(at))
      return text_span{at, *end};
    if (at == text.size())
      break;
    unicode::next(text, at);
  }
  return std::nullopt;
}

} // namespace

pattern::pattern(std::string source, std::shared_ptr<const pattern_program> program)
    : source_(std::move(source))
    , program_(std::move(program)) {}

result<pattern> pattern::compile(std::string_view source) {
  auto parsed = parse_pattern(source);
  if (!parsed)
    return fail(parsed);
  auto program = assemble(std::move(*parsed));
  if (!program)
    return fail(program);
  return pattern(std::string(source), std::make_shared<const pattern_program>(std::move(*program)));
}

result<std::optional<text_span>> pattern::find(std::string_view text, std::size_t from) const {
  pattern_matcher matcher(*program_, text);
  auto found = search(matcher, text, from);
  if (matcher.exhausted())
    return too_long(source_);
  return found;
}

result<std::vector<text_span>> pattern::find_all(std::string_view text) const {
  pattern_matcher matcher(*program_, text);
  std::vector<text_span> all;
  std::size_t from = 0;
  while (from <= text.size()) {
    const auto found = search(matcher, text, from);
    if (matcher.exhausted())
      return too_long(source_);
    if (!found)
      break;
    const bool empty = found->begin == found->end;
    if (!empty || all.empty() || all.back().end != found->begin)
      all.push_back(*found);
    from = found->end;
    if (empty && from < text.size())
      unicode::next(text, from);
    else if (empty)
      break;
  }
  return all;
}

} // namespace troupe::kernels
