#include "runtime/door/views.hpp"

namespace troupe {

std::string_view to_string(agent_state s) noexcept {
  static constexpr std::string_view names[] = {"unplaced", "placing",   "starting", "idle",   "busy",
                                               "waiting",  "migrating", "passive",  "failed", "stopped"};
  static_assert(static_cast<std::size_t>(agent_state::stopped) == std::size(names) - 1);
  return names[static_cast<std::size_t>(s)];
}

} // namespace troupe
