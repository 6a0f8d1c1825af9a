#pragma once

#include "workflows/testing/suite.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::workflow {

/// How a word of the report is painted: true, it is good.
using painter = std::function<std::string(std::string_view text, bool good)>;

/// A line a test, what is wrong below it; then, if wanted, the branches that no test took.
std::string render_text(const suite_result& of, bool coverage, const painter& paint);

/// {"files": […], "passed", "failed"}
std::string render_json(const std::vector<suite_result>& all);

/// JUnit's XML, as build servers read it.
std::string render_junit(const std::vector<suite_result>& all);

} // namespace troupe::workflow
