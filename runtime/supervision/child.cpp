#include "runtime/supervision/child.hpp"

namespace troupe::supervision {

std::string_view to_string(child_state s) noexcept {
  switch (s) {
  case child_state::down:
    return "down";
  case child_state::running:
    return "running";
  case child_state::stopping:
    return "stopping";
  case child_state::waiting:
    return "waiting";
  case child_state::failed:
    return "failed";
  }
  return "down";
}

std::string_view to_string(action a) noexcept {
  switch (a) {
  case action::stop:
    return "stop";
  case action::plan:
    return "plan";
  case action::start:
    return "start";
  case action::fail:
    return "fail";
  case action::escalate:
    return "escalate";
  }
  return "plan";
}

} // namespace troupe::supervision
