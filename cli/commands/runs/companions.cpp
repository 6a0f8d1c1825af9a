#include "cli/commands/runs/companions.hpp"

#include "workflows/language/language.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace troupe::cli {

namespace {

std::shared_ptr<const workflow::plan> plan_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  config::diagnostics found; // the node tells them when it reads the file itself
  return in ? workflow::parse_workflow(config::source(file, {std::istreambuf_iterator<char>(in), {}}), found)
            : nullptr;
}

std::string file_of(const std::filesystem::path& folder, const std::string& workflow) {
  std::error_code ignored;
  for (const auto* extension : {".yaml", ".yml", ".json"})
    if (const auto path = folder / (workflow + extension); std::filesystem::is_regular_file(path, ignored))
      return path.string();
  return {};
}

} // namespace

std::vector<std::string> companions_of(const std::string& file) {
  std::vector<std::string> all = {file};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto plan = plan_of(all[i]);
    if (!plan)
      continue;
    for (const auto& step : plan->arena)
      if (const auto* sub = std::get_if<workflow::sub_workflow_body>(&step->body)) {
        auto path = file_of(std::filesystem::path(all[i]).parent_path(), sub->name);
        if (!path.empty() && std::find(all.begin(), all.end(), path) == all.end())
          all.push_back(std::move(path));
      }
  }
  all.erase(all.begin());
  return all;
}

} // namespace troupe::cli
