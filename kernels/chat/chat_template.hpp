#pragma once

#include "kernels/base/result.hpp"
#include "kernels/chat/value.hpp"

#include <ctime>
#include <memory>
#include <string>
#include <string_view>

namespace troupe::kernels::chat {

struct program;

/// What one rendering may use. Templates come with models, so they are strangers' programs.
struct render_limits {
  std::size_t steps = 5'000'000;                 // about a second
  std::size_t working_bytes = 256 * 1024 * 1024; // of all values made, also of those given up again
  std::size_t output_bytes = 16 * 1024 * 1024;   // as much as is encoded at once
  std::size_t depth = 400;                       // evaluations within each other; each takes stack
};

/// The largest published templates have some 30 KB.
inline constexpr std::size_t template_bytes_max = 1024 * 1024;

/// A chat template: Jinja as transformers sets it up (trim_blocks, lstrip_blocks, loop controls, sandbox).
class chat_template {
public:
  /// `invalid` with the line of what is no template.
  static result<chat_template> parse(std::string_view source);

  /// The text for these variables, a mapping. `invalid` if the template raises an exception or does what
  /// Python would refuse, `refused` past a limit. `now` is what strftime_now tells; without it that is an
  /// error.
  result<std::string> render(const value& variables, const std::tm* now = nullptr,
                             const render_limits& limits = {}) const;

private:
  explicit chat_template(std::shared_ptr<const program> parsed);

  std::shared_ptr<const program> program_;
};

} // namespace troupe::kernels::chat
