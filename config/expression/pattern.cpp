#include "config/expression/pattern.hpp"

#include "config/limits.hpp"

#include <re2/re2.h>

namespace troupe::expression {
namespace {

RE2::Options options() {
  RE2::Options chosen(RE2::Quiet);
  chosen.set_max_mem(static_cast<std::int64_t>(limits::expression_pattern_memory));
  return chosen;
}

} // namespace

struct compiled_pattern::program {
  explicit program(std::string_view text)
      : code({text.data(), text.size()}, options()) {}
  RE2 code;
};

compiled_pattern::compiled_pattern(std::shared_ptr<const program> compiled) noexcept
    : compiled_(std::move(compiled)) {}

tl::expected<compiled_pattern, problem> compiled_pattern::make(std::string_view text) {
  auto made = std::make_shared<const program>(text);
  if (!made->code.ok())
    return tl::unexpected(problem{
        code::bad_pattern, "the pattern is no regular expression of RE2: " + made->code.error(), {}, {}});
  return compiled_pattern(std::move(made));
}

bool compiled_pattern::found_in(std::string_view text) const {
  return RE2::PartialMatch({text.data(), text.size()}, compiled_->code);
}

} // namespace troupe::expression
