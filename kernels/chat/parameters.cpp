#include "kernels/chat/parameters.hpp"

#include "kernels/chat/failure.hpp"
#include "kernels/chat/python.hpp"

#include <algorithm>

namespace troupe::kernels::chat {

parameters::parameters(std::string_view function, arguments args,
                       std::initializer_list<std::string_view> names)
    : function_(function)
    , names_(names)
    , bound_(names.size()) {
  if (args.positional.size() > names_.size())
    give_up(function_ + "() takes at most " + std::to_string(names_.size()) + " arguments, " +
            std::to_string(args.positional.size()) + " were given");
  for (std::size_t i = 0; i < args.positional.size(); ++i)
    bound_[i] = std::move(args.positional[i]);
  for (auto& [name, what] : args.named) {
    const auto found = std::ranges::find(names_, name);
    if (found == names_.end())
      give_up(function_ + "() got an unexpected keyword argument '" + name + "'");
    auto& place = bound_[static_cast<std::size_t>(found - names_.begin())];
    if (place)
      give_up(function_ + "() got multiple values for argument '" + name + "'");
    place = std::move(what);
  }
}

const value& parameters::at(std::size_t at) const {
  if (!bound_[at])
    give_up(function_ + "() misses the argument '" + std::string(names_[at]) + "'");
  return *bound_[at];
}

value parameters::value_or(std::size_t at, value otherwise) const {
  return bound_[at].value_or(std::move(otherwise));
}

bool parameters::flag_or(std::size_t at, bool otherwise) const {
  return bound_[at] ? is_true(*bound_[at]) : otherwise;
}

std::int64_t parameters::whole_or(std::size_t at, std::int64_t otherwise) const {
  return bound_[at] ? to_index(*bound_[at], names_[at]) : otherwise;
}

std::string parameters::text_or(std::size_t at, std::string otherwise) const {
  return bound_[at] ? to_text(*bound_[at]) : std::move(otherwise);
}

const std::string& parameters::text(std::size_t at) const {
  const auto& what = this->at(at);
  require_defined(what);
  if (!what.is_text())
    give_up(function_ + "() wants a str, not " + type_name(what));
  return what.text();
}

} // namespace troupe::kernels::chat
