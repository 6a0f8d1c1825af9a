#pragma once

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace troupe::kernels::testing {

/// The public data sets lie outside the tree and may be missing.
inline std::filesystem::path shared_data(const std::string& name) {
  return std::filesystem::path(TROUPE_SHARED_DATA) / name;
}

inline boost::test_tools::assertion_result shared_data_present(const std::string& name) {
  boost::test_tools::assertion_result there(std::filesystem::exists(shared_data(name)));
  there.message() << shared_data(name).string() << " is not there";
  return there;
}

inline std::string read_all(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::vector<nlohmann::ordered_json> read_rows(const std::filesystem::path& path) {
  std::vector<nlohmann::ordered_json> rows;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    rows.push_back(nlohmann::ordered_json::parse(line));
  return rows;
}

} // namespace troupe::kernels::testing
