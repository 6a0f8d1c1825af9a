#pragma once

#include "config/expression/expression.hpp"
#include "config/expression/syntax_tree.hpp"

#include <vector>

namespace troupe::expression {

std::vector<reference> references_of(const syntax_tree& tree);

} // namespace troupe::expression
