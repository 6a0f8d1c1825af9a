#include "workflows/language/language.hpp"

#include "workflows/language/check/check_file.hpp"
#include "workflows/language/codes/codes.hpp"
#include "workflows/language/read/file_reader.hpp"

namespace troupe::workflow {
namespace {

std::unique_ptr<file_draft> read(config::source in, config::diagnostics& found) {
  auto file = read_file(std::move(in), found);
  if (file)
    check_file(*file, built_in());
  if (file)
    found.add_all(file->found);
  return file;
}

void refuse(const file_draft& file, const std::string& wanted, config::diagnostics& found) {
  const auto* is = file.workflow ? "this is a workflow" : file.agent ? "this is an agent" : "these are tests";
  reporter(found).error(file.file.root().entry_at(0).key, codes::no_language_file, is + (", not " + wanted));
}

} // namespace

std::shared_ptr<const plan> parse_workflow(config::source in, config::diagnostics& found) {
  const auto file = read(std::move(in), found);
  if (!file)
    return nullptr;
  if (file->workflow)
    return file->found.errors() == 0 ? file->workflow->made : nullptr;
  refuse(*file, "a workflow", found);
  return nullptr;
}

std::shared_ptr<const agent_plan> parse_agent(config::source in, config::diagnostics& found) {
  const auto file = read(std::move(in), found);
  if (!file)
    return nullptr;
  if (file->agent)
    return file->found.errors() == 0 ? file->agent->made : nullptr;
  refuse(*file, "an agent", found);
  return nullptr;
}

} // namespace troupe::workflow
