#include "runtime/task/context.hpp"
#include "runtime/task/task.hpp"

struct desk {
  int price = 0;
  troupe::task<int> ask(troupe::context&) { co_return price; } // `this` dangles
};
