#include "cli/client/node_file.hpp"

#include "runtime/base/json_fwd.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace fs = std::filesystem;

std::string node_file_path(const std::string& data_dir) {
  return (fs::path(data_dir) / "node.json").string();
}

result<std::optional<node_file>> read_node_file(const std::string& data_dir) {
  std::ifstream file(node_file_path(data_dir));
  if (!file)
    return std::nullopt;
  std::string text(std::istreambuf_iterator<char>(file), {});
  auto content = json::parse(text, nullptr, false);
  if (!content.is_object() || !content.value("url", json()).is_string())
    return fail(fault::corrupt, node_file_path(data_dir) + " is no description of a node",
                "rm " + node_file_path(data_dir));
  const auto pid = content.value("pid", json());
  const auto started = content.value("started", json());
  return node_file{pid.is_number_integer() ? pid.get<int>() : 0, content["url"].get<std::string>(),
                   started.is_string() ? started.get<std::string>() : std::string{}};
}

result<bool> write_node_file(const std::string& data_dir, const node_file& node) {
  const auto path = node_file_path(data_dir);
  const auto fresh = path + ".new";
  {
    std::ofstream file(fresh, std::ios::trunc);
    file << json{{"pid", node.pid}, {"url", node.url}, {"started", node.started}}.dump() << "\n";
    if (!file.flush())
      return fail(fault::unavailable, "cannot write " + fresh, "check the rights and space of " + data_dir);
  }
  std::error_code problem;
  fs::rename(fresh, path, problem);
  if (problem)
    return fail(fault::unavailable, "cannot write " + path + ": " + problem.message(), {});
  return true;
}

void remove_node_file(const std::string& data_dir) {
  std::error_code ignored; // a file left behind names a dead process, which readers notice
  fs::remove(node_file_path(data_dir), ignored);
}

} // namespace troupe::cli
