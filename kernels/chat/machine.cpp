#include "kernels/chat/machine.hpp"

#include "kernels/chat/failure.hpp"

#include <algorithm>

namespace troupe::kernels::chat {

machine::~machine() {
  for (auto& [one, empty] : kept_)
    empty(*one);
}

void machine::spend(std::size_t steps) {
  steps_ += steps;
  if (steps_ > limits_.steps)
    give_up("the template takes more than " + std::to_string(limits_.steps) + " steps");
}

void machine::hold(std::size_t bytes) {
  bytes_ += bytes;
  if (bytes > limits_.working_bytes || bytes_ > limits_.working_bytes)
    give_up("the template makes more than " + std::to_string(limits_.working_bytes) + " bytes of values");
}

void machine::at_most(std::int64_t count, std::size_t size) {
  if (count > 0 && static_cast<std::size_t>(count) > limits_.working_bytes / std::max<std::size_t>(size, 1))
    give_up("a text beyond the limit");
  hold(count > 0 ? static_cast<std::size_t>(count) * size : 0);
}

value machine::text(std::string made) {
  hold(made.size());
  return made;
}

value machine::list(value_list made) {
  hold(made.size() * sizeof(value));
  return make_list(std::move(made));
}

void machine::keep(std::shared_ptr<object> one, void (*empty)(object&)) {
  hold(256);
  kept_.emplace_back(std::move(one), empty);
}

deeper::deeper(machine& with)
    : with_(with) {
  if (with.depth >= with.limits().depth)
    give_up("the template recurses too deeply");
  ++with.depth;
}

} // namespace troupe::kernels::chat
