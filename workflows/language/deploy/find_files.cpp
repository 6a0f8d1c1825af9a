#include "workflows/language/deploy/find_files.hpp"

#include "config/limits.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace troupe::workflow {
namespace {

namespace fs = std::filesystem;

bool is_ours(const fs::path& file) {
  const std::string end = file.extension().string();
  return end == ".yaml" || end == ".yml" || end == ".json";
}

class finder {
public:
  explicit finder(const std::string& working_folder)
      : base_(working_folder) {}

  result<found_files> run(const std::vector<std::string>& named,
                          const std::vector<std::string>& agent_folders) {
    for (const std::string& name : named) {
      std::error_code failure;
      const bool folder = fs::is_directory(base_ / name, failure);
      if (const auto added = folder ? add_folder(name, false) : add_file(name); !added)
        return tl::unexpected(added.error());
      made_.whole_folder = made_.whole_folder || folder;
      beside_.insert((folder ? fs::path(name) : fs::path(name).parent_path()) / "agents");
    }
    for (const std::string& name : agent_folders) {
      if (std::error_code failure; !fs::is_directory(base_ / name, failure))
        return fail(fault::not_found, "there is no folder " + name, "--agents DIR");
      beside_.insert(name);
    }
    for (const fs::path& folder : beside_)
      if (std::error_code failure; fs::is_directory(base_ / folder, failure)) {
        made_.agents_known = true;
        if (const auto added = add_folder(folder, true); !added)
          return tl::unexpected(added.error());
      }
    return std::move(made_);
  }

private:
  // Folders inside are other workflows' business; only a folder of agents is read with what is in it.
  result<bool> add_folder(const fs::path& name, bool deep) {
    std::error_code failure;
    std::set<fs::path> files;
    for (fs::recursive_directory_iterator at(base_ / name, failure), end; !failure && at != end;
         at.increment(failure)) {
      if (at->is_directory(failure) && !deep)
        at.disable_recursion_pending();
      else if (at->is_regular_file(failure) && is_ours(at->path()))
        files.insert(name / fs::relative(at->path(), base_ / name, failure));
    }
    for (const fs::path& file : files)
      if (const auto added = add_file(file); !added)
        return added;
    return true;
  }

  result<bool> add_file(const fs::path& name) {
    std::error_code failure;
    if (!seen_.insert(fs::weakly_canonical(base_ / name, failure)).second)
      return true;
    std::ifstream file(base_ / name, std::ios::binary);
    if (!file || fs::is_directory(base_ / name, failure))
      return fail(fault::not_found, "cannot read " + name.string());
    // One byte more than a document may have: enough to refuse it without reading gigabytes.
    std::string text(limits::document_bytes_max + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    made_.files.emplace_back(name.string(), std::move(text));
    return true;
  }

  fs::path base_;
  found_files made_;
  std::set<fs::path> beside_;
  std::set<fs::path> seen_;
};

} // namespace

result<found_files> find_files(const std::vector<std::string>& named,
                               const std::vector<std::string>& agent_folders,
                               const std::string& working_folder) {
  return finder(working_folder).run(named, agent_folders);
}

} // namespace troupe::workflow
