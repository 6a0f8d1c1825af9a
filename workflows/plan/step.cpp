#include "workflows/plan/step.hpp"

namespace troupe::workflow {

std::string_view to_string(verb v) noexcept {
  switch (v) {
  case verb::agent:
    return "agent";
  case verb::tell:
    return "tell";
  case verb::sequence:
    return "steps";
  case verb::parallel:
    return "parallel";
  case verb::choice:
    return "choice";
  case verb::map:
    return "map";
  case verb::loop:
    return "loop";
  case verb::race:
    return "race";
  case verb::attempt:
    return "try";
  case verb::approval:
    return "approval";
  case verb::decide:
    return "decide";
  case verb::wait:
    return "wait";
  case verb::receive:
    return "receive";
  case verb::workflow:
    return "workflow";
  case verb::emit:
    return "emit";
  case verb::set:
    return "set";
  case verb::fail:
    return "fail";
  case verb::leave:
    return "return";
  case verb::stop:
    return "break";
  case verb::undo:
    return "undo";
  }
  return "steps";
}

} // namespace troupe::workflow
