#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace troupe::kernels {

/// Why something expected did not happen. The library stands alone, so it has its own; callers translate.
enum class fault {
  invalid,     // the caller's input is wrong
  not_found,   // no file, key or tensor by that name
  refused,     // well formed, but nothing we do: a family, a kind, a size
  unavailable, // the file or the machine failed
  corrupt      // the file contradicts itself or its format
};

std::string_view to_string(fault f) noexcept;

/// One sentence for a person, and enough to act on.
struct error {
  fault what = fault::invalid;
  std::string message;
  std::string hint; // a command or a change that helps; may be empty
};

template<class T>
using result = tl::expected<T, error>;

inline tl::unexpected<error> fail(fault what, std::string message, std::string hint = {}) {
  return tl::unexpected<error>(error{what, std::move(message), std::move(hint)});
}

/// Passes the error of one result on as that of another.
template<class T>
tl::unexpected<error> fail(const result<T>& failed) {
  return tl::unexpected<error>(failed.error());
}

/// The same error with the name of what it is about in front: "model.gguf: ...".
template<class T>
tl::unexpected<error> fail_in(std::string_view name, const result<T>& failed) {
  return fail(failed.error().what, std::string(name) + ": " + failed.error().message, failed.error().hint);
}

/// Nothing to say but that it worked.
struct done {};

/// Checks what must hold whatever the input; throws std::logic_error, in release builds too.
void ensure(bool holds, std::string_view why);

} // namespace troupe::kernels
