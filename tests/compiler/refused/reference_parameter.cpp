#include "runtime/task/context.hpp"
#include "runtime/task/task.hpp"

troupe::task<int> takes(troupe::context&, int& dangles) { co_return dangles; }
