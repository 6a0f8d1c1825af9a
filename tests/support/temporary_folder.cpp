#include "tests/support/temporary_folder.hpp"

#include "config/result.hpp"

#include <cstdlib>
#include <system_error>

namespace troupe::testing {
namespace {

std::filesystem::path place_for_folders() {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code none;
  const auto room = std::filesystem::space(memory, none);
  return !none && room.available > (512u << 20) ? memory : std::filesystem::temp_directory_path();
}

} // namespace

temporary_folder::temporary_folder() {
  std::string name = (place_for_folders() / "troupe-store-XXXXXX").string();
  ensure(::mkdtemp(name.data()) != nullptr, "a temporary folder can be made");
  path_ = name;
}

temporary_folder::~temporary_folder() {
  std::error_code ignored; // a folder left behind fails no test
  std::filesystem::remove_all(path_, ignored);
}

} // namespace troupe::testing
