#include "kernels/adapters/module_pattern.hpp"

#include <re2/re2.h>

namespace troupe::kernels {

module_pattern::module_pattern(std::unique_ptr<re2::RE2> compiled)
    : compiled_(std::move(compiled)) {}

module_pattern::~module_pattern() = default;

result<std::shared_ptr<const module_pattern>> module_pattern::compile(const std::string& expression) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20); // patterns of names are short
  auto compiled = std::make_unique<re2::RE2>(expression, options);
  if (!compiled->ok())
    return fail(fault::refused,
                "the pattern \"" + expression.substr(0, 200) + "\" is not understood: " + compiled->error(),
                "look-around and back-references are not supported; a list of names always is");
  return std::shared_ptr<const module_pattern>(new module_pattern(std::move(compiled)));
}

bool module_pattern::matches(std::string_view module) const {
  return re2::RE2::FullMatch(re2::StringPiece(module.data(), module.size()), *compiled_);
}

} // namespace troupe::kernels
