#pragma once

#include <stdexcept>
#include <string>

namespace troupe::kernels::chat {

/// What ends a rendering early. Thrown anywhere below `chat_template` and caught only there: a failure
/// unwinds an evaluation that may be hundreds of calls deep, and nothing on the way could handle it.
class template_failure : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

[[noreturn]] inline void give_up(const std::string& why) { throw template_failure(why); }

} // namespace troupe::kernels::chat
