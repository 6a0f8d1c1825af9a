#pragma once

#include "config/expression/expression.hpp"

#include <string>
#include <vector>

namespace troupe::workflow {

/// The sentence about a field that is not there: what was read, what holds it, what there is instead.
struct field_words {
  const expression::reference& read;
  std::size_t failed = 0;           // index in its path
  std::vector<std::string> written; // the fields there are, in the order of the schema; empty: not known
  expression::type of;              // what should have the field

  std::string wanted() const;  // steps.check.total
  std::string holder() const;  // "check" returns | input.lead has
  std::string content() const; // {quote, currency}
  std::string hint() const;

private:
  std::string up_to(std::size_t parts) const;
  std::vector<std::string> names() const;
};

} // namespace troupe::workflow
