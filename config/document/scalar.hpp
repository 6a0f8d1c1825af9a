#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace troupe::config {

enum class node_kind : std::uint8_t { null, boolean, integer, real, text, list, map };

/// "a list", "an integer": for sentences.
std::string_view with_article(node_kind kind) noexcept;

/// A number whose form is right and whose value no 64-bit type holds.
struct number_too_large {
  friend bool operator==(number_too_large, number_too_large) = default;
};

/// What a plain scalar stands for: null, boolean, integer, real; or text, when std::string_view is held.
using scalar_value =
    std::variant<std::monostate, bool, std::int64_t, double, std::string_view, number_too_large>;

/// The YAML 1.2 core schema: `null ~`, `true True TRUE`, decimal, 0o and 0x integers, reals, .inf and .nan.
/// What YAML 1.1 took for more (yes, off, 1_000, 12:30:00, 2026-11-20) is text.
scalar_value resolve_plain(std::string_view text);

} // namespace troupe::config
