#pragma once

#include <span>
#include <string>
#include <string_view>

namespace troupe::workflow {

/// What `troupe explain CODE` and docs/codes/ say.
struct code_page {
  std::string_view code;
  std::string_view title;
  std::string_view text;    // what happened, why it matters, what to do
  std::string_view example; // files that are refused with it; `# file: NAME` begins each but the first
};

/// All codes of workflows and agent files, ascending.
std::span<const code_page> all_pages();

const code_page* find_page(std::string_view code);

/// What the example is told, as `troupe validate` prints it.
std::string findings_of(const code_page& page);

/// The page in Markdown, its example and what is said about it included.
std::string render_page(const code_page& page);

/// The table of all pages in Markdown.
std::string render_index();

// The pages by level.
std::span<const code_page> pages_about_shape();
std::span<const code_page> pages_about_references();
std::span<const code_page> pages_about_types();
std::span<const code_page> pages_about_meaning();
std::span<const code_page> pages_about_surroundings();
std::span<const code_page> pages_about_tests();

} // namespace troupe::workflow
