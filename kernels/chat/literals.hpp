#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::kernels::chat {

struct number_literal {
  std::size_t size = 0;
  bool real = false;
};

/// The number that stands at `at`, as Jinja's lexer sees it; behind a dot it is no real one.
std::optional<number_literal> number_at(std::string_view text, std::size_t at, bool after_dot);

/// Nothing past 64 bits.
std::optional<std::int64_t> integer_of_literal(std::string_view literal);
double real_of_literal(std::string_view literal);

/// A text literal's escapes, which are Python's; nothing if one of them is incomplete.
std::optional<std::string> unescaped(std::string_view literal);

} // namespace troupe::kernels::chat
