#pragma once

#include "kernels/grammar/ecma_syntax.hpp"

namespace troupe::kernels::grammar {

/// The texts in which the expression is found somewhere, as JSON Schema's `pattern` asks.
result<term_id> texts_with(term_pool& pool, std::string_view pattern);

/// The texts that it matches from their beginning to their end.
result<term_id> texts_like(term_pool& pool, std::string_view pattern);

} // namespace troupe::kernels::grammar
