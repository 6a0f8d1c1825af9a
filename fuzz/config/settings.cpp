// Any bytes as a settings file, and, behind the first line break, as the value of a variable and a flag:
// either settings that explain themselves, or findings. An edit of a valid file gives a valid file.
#include "config/settings/node_settings.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace troupe::config;

void require(bool holds) {
  if (!holds)
    std::abort();
}

void check_edit(const source& file) {
  const auto edited = with_setting(file, "http.port", "8081");
  if (!edited)
    return;
  setting_sources from;
  from.project_file.emplace("edited", *edited);
  diagnostics found;
  const auto loaded = settings::load(from, found);
  require(!loaded || loaded->count("http.port") == 8'081);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const std::string first_line = text.substr(0, text.find('\n'));
  setting_sources from;
  from.project_file.emplace("troupe.yaml", text);
  const auto table = settings_table();
  const setting& chosen = table[size % table.size()];
  from.environment[environment_name(chosen.key)] = first_line;
  from.flags[std::string(chosen.key)] = {first_line};
  diagnostics found;
  const auto loaded = settings::load(from, found);
  require(loaded.has_value() == (found.errors() == 0));
  require(!render_text(found, 1).empty());
  check_edit(*from.project_file);
  if (!loaded)
    return 0;
  require(!render_text(*loaded).empty() && !render_json(*loaded).empty());
  (void)make_node_settings(*loaded); // must not break an invariant
  return 0;
}
