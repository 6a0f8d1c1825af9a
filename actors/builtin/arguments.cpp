#include "actors/builtin/arguments.hpp"

#include "config/settings/units.hpp"
#include "runtime/base/text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::builtin {

arguments::arguments(std::string what, std::shared_ptr<json> all)
    : what_(std::move(what))
    , all_(std::move(all)) {}

result<arguments> arguments::read(std::string_view text, std::string what,
                                  std::initializer_list<std::string_view> known) {
  auto all = std::make_shared<json>(read_json(text));
  if (!all->is_object())
    return fail(fault::invalid, what + " takes an object of arguments");
  for (const auto& [name, value] : all->items())
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      std::string names;
      for (const auto k : known)
        names += (names.empty() ? "" : ", ") + std::string(k);
      return fail(fault::invalid, what + " does not know \"" + as_utf8(name.substr(0, 64)) + "\"",
                  "it takes " + names);
    }
  return arguments(std::move(what), std::move(all));
}

void arguments::replace(const json& with) { *all_ = with; }
const json& arguments::all() const { return *all_; }

const json* arguments::find(std::string_view name) const {
  const auto found = all_->find(name);
  return found == all_->end() || found->is_null() ? nullptr : &*found;
}

tl::unexpected<error> arguments::refuse(std::string_view name, std::string_view wanted) const {
  return fail(fault::invalid, what_ + ": " + std::string(name) + " is " + std::string(wanted));
}

result<std::optional<std::string>> arguments::optional_text(std::string_view name) const {
  const auto* found = find(name);
  if (!found)
    return std::nullopt;
  if (!found->is_string())
    return refuse(name, "a text");
  return found->get<std::string>();
}

result<std::string> arguments::text(std::string_view name) const {
  auto found = optional_text(name);
  if (!found)
    return tl::unexpected(found.error());
  if (!*found || (*found)->empty())
    return fail(fault::invalid, what_ + " needs a " + std::string(name));
  return std::move(**found);
}

result<std::optional<milliseconds>> arguments::duration(std::string_view name) const {
  auto found = optional_text(name);
  if (!found)
    return refuse(name, "a span of time such as 5s");
  if (!*found)
    return std::nullopt;
  const auto span = config::parse_duration(**found);
  if (!span || span->count() <= 0)
    return refuse(name, "a span of time such as 5s");
  return *span;
}

outcome refused(const error& why) {
  std::string kind(to_string(why.what));
  if (why.what != fault::unavailable && why.what != fault::timeout && why.what != fault::canceled)
    kind = why.what == fault::refused ? "rejected" : "invalid";
  return outcome::failure(std::move(kind), why.hint.empty() ? why.message : why.message + "; " + why.hint);
}

milliseconds time_for(std::optional<milliseconds> wanted, milliseconds usual, instant deadline, instant now) {
  auto span = wanted.value_or(usual);
  if (deadline != never)
    span = std::min(span, std::chrono::duration_cast<milliseconds>(deadline - now));
  return std::max(span, milliseconds(1));
}

} // namespace troupe::builtin
