#include "runtime/task/context.hpp"
#include "runtime/task/task.hpp"

troupe::task<> takes(troupe::context&, const int& dangles) {
  (void)dangles; // a parameter is kept by reference whether it is used or not
  co_return;
}
