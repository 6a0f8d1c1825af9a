#pragma once

#include <string>
#include <string_view>

namespace troupe::config {

/// What a person is told about an error of the YAML library.
struct syntax_message {
  std::string message;
  std::string_view hint;
  bool about_bracket = false; // the place to show is the open bracket, not where the file ends
};

/// Unknown messages of the library pass through as they are.
syntax_message explain_syntax(std::string_view library_message);

} // namespace troupe::config
