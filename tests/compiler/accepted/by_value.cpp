#include "runtime/task/context.hpp"
#include "runtime/task/task.hpp"

troupe::task<std::string> takes(troupe::context&, std::string owned, int number) {
  co_return owned + std::to_string(number);
}

troupe::task<> takes_nothing(troupe::context&) { co_return; }

struct desk {
  static troupe::task<int> ask(troupe::context&, int price) { co_return price; }
};
