#include "workflows/language/deploy/find_tests.hpp"

#include "config/limits.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

namespace troupe::workflow {
namespace {

namespace fs = std::filesystem;

bool is_data(const fs::path& file) {
  const auto end = file.extension();
  return end == ".yaml" || end == ".yml" || end == ".json";
}

bool holds_tests(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(limits::document_bytes_max, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return looks_like_tests(config::source(file.string(), std::move(text)));
}

class finder {
public:
  explicit finder(const std::string& working_folder)
      : base_(working_folder) {}

  result<std::vector<test_folder>> run(const std::vector<std::string>& named) {
    for (const auto& name : named) {
      std::error_code failure;
      if (fs::is_directory(base_ / name, failure))
        look_through(name);
      else if (fs::is_regular_file(base_ / name, failure))
        add(name);
      else
        return fail(fault::not_found, "cannot read " + name);
    }
    std::vector<test_folder> all;
    for (const auto& [folder, files] : found_)
      all.push_back({folder, {files.begin(), files.end()}});
    if (all.empty())
      return fail(fault::not_found, "there are no tests in " + named.front(),
                  "a file of tests begins with test: WORKFLOW");
    return all;
  }

private:
  void add(const fs::path& file) {
    const auto folder = file.parent_path();
    found_[folder.empty() ? "." : folder.string()].insert(file.string());
  }

  void look_through(const fs::path& name) {
    std::error_code failure;
    for (fs::recursive_directory_iterator at(base_ / name, failure), end; !failure && at != end;
         at.increment(failure)) {
      const auto own = at->path().filename().string();
      if (at->is_directory(failure) && own.starts_with('.'))
        at.disable_recursion_pending();
      else if (at->is_regular_file(failure) && is_data(at->path()) && holds_tests(at->path()))
        add(name / fs::relative(at->path(), base_ / name, failure));
    }
  }

  fs::path base_;
  std::map<std::string, std::set<std::string>> found_;
};

} // namespace

bool looks_like_tests(const config::source& file) {
  const auto text = std::string_view(file.text()).substr(file.mark_bytes());
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first != text.npos && text[first] == '{')
    return text.find("\"test\"") != text.npos && text.find("\"tests\"") != text.npos &&
           text.find("\"steps\"") == text.npos && text.find("\"actions\"") == text.npos;
  return text.starts_with("test:") || text.find("\ntest:") != text.npos;
}

result<std::vector<test_folder>> find_tests(const std::vector<std::string>& named,
                                            const std::string& working_folder) {
  return finder(working_folder).run(named);
}

} // namespace troupe::workflow
