#include "kernels/chat/object.hpp"

#include "kernels/chat/failure.hpp"

namespace troupe::kernels::chat {

object::object(std::size_t depth)
    : depth_(depth) {
  if (depth > value_depth_max)
    give_up("values are nested too deeply");
}

std::string object::shown(std::size_t) const { return "<" + name() + ">"; }

std::optional<value> object::attribute(machine&, std::string_view) { return std::nullopt; }

value object::call(machine&, arguments) { give_up("<" + name() + "> is not callable"); }

void object::set_attribute(machine&, std::string_view, value) {
  give_up("cannot assign attribute on non-namespace object");
}

builtin::builtin(std::string name, body run, value self)
    : object(self.depth() + 1)
    , name_(std::move(name))
    , run_(run)
    , self_(std::move(self)) {}

std::string builtin::name() const { return "built-in " + name_; }

value builtin::call(machine& with, arguments args) { return run_(with, self_, std::move(args)); }

namespace {

class shared_iteration : public iteration {
public:
  explicit shared_iteration(std::shared_ptr<iteration> source)
      : source_(std::move(source)) {}
  std::optional<value> next(machine& with) override { return source_->next(with); }

private:
  std::shared_ptr<iteration> source_;
};

} // namespace

generator::generator(std::shared_ptr<iteration> source, std::size_t depth)
    : object(depth)
    , source_(std::move(source)) {}

std::unique_ptr<iteration> generator::iterate() { return std::make_unique<shared_iteration>(source_); }

} // namespace troupe::kernels::chat
