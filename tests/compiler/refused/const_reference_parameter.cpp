#include "runtime/task/context.hpp"
#include "runtime/task/task.hpp"

troupe::task<std::string> takes(troupe::context&, const std::string& dangles) { co_return dangles; }
