#include "runtime/task/context.hpp"
#include "runtime/task/task.hpp"

troupe::task<int> makes(int price) {
  auto ask = [price](troupe::context&) -> troupe::task<int> { co_return price; }; // dies with this scope
  return ask(*static_cast<troupe::context*>(nullptr));
}
