#include "storage/open_reason.hpp"

namespace troupe::storage {
namespace {

using journal::row_class;

static_assert(static_cast<int>(row_class::task) == 2 && static_cast<int>(row_class::timer) == 5 &&
                  static_cast<int>(row_class::call_key) == 6 && static_cast<int>(row_class::signal) == 7 &&
                  static_cast<int>(row_class::ingress) == 11,
              "these numbers stand in the statements of the stores");

std::string_view open_thing(row_class cls) {
  switch (cls) {
  case row_class::task:
    return "an open task";
  case row_class::timer:
    return "a timer";
  case row_class::call_key:
    return "an answered call that may be asked again";
  default:
    return "a signal no wait has taken";
  }
}

} // namespace

void open_reasons::row(row_class cls) { add(open_thing(cls)); }

void open_reasons::unsent(std::uint64_t messages) {
  if (messages > 0)
    add(std::to_string(messages) + " messages its receivers have not applied");
}

void open_reasons::add(std::string_view reason) {
  text_ += text_.empty() ? "" : ", ";
  text_ += reason;
}

} // namespace troupe::storage
