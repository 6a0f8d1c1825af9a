#include "runtime/agent/kind.hpp"

namespace troupe {
namespace {

/// Filled by static objects before main; read once when a node is composed. The only mutable global of the
/// house: the price of registering a kind in one line beside its handlers.
std::vector<kind_spec>& registered() {
  static std::vector<kind_spec> kinds;
  return kinds;
}

} // namespace

std::string_view to_string(discipline d) noexcept {
  switch (d) {
  case discipline::exclusive:
    return "exclusive";
  case discipline::interleaved:
    return "interleaved";
  case discipline::fold:
    return "fold";
  }
  return "exclusive";
}

const handler* kind_spec::find(std::string_view type) const {
  auto found = handlers.find(type);
  return found == handlers.end() ? nullptr : &found->second;
}

const plain_handler* kind_spec::find_plain(std::string_view type) const {
  auto found = plain_handlers.find(type);
  return found == plain_handlers.end() ? nullptr : &found->second;
}

result<void> kind_registry::add(kind_spec spec) {
  auto probe = agent_id::make("default", spec.name, "x");
  if (!probe)
    return tl::unexpected(probe.error());
  if (spec.oldest_version > spec.version)
    return fail(fault::invalid, "kind " + spec.name + " replays versions from " +
                                    std::to_string(spec.oldest_version) + " to " +
                                    std::to_string(spec.version));
  if ((spec.how == discipline::fold) != (spec.fold != nullptr))
    return fail(fault::invalid, "kind " + spec.name + " is a fold without a factory, or the other way round");
  for (const auto& [type, h] : spec.plain_handlers)
    if (spec.handlers.contains(type))
      return fail(fault::invalid, "kind " + spec.name + " has two handlers \"" + type + "\"");
  auto name = spec.name;
  const std::lock_guard hold(table_->guard);
  if (!table_->kinds.emplace(name, std::move(spec)).second)
    return fail(fault::conflict, "kind " + name + " is registered twice");
  return {};
}

const kind_spec* kind_registry::find(std::string_view name) const {
  const std::shared_lock hold(table_->guard);
  auto found = table_->kinds.find(name);
  return found == table_->kinds.end() ? nullptr : &found->second;
}

std::vector<const kind_spec*> kind_registry::all() const {
  const std::shared_lock hold(table_->guard);
  std::vector<const kind_spec*> found;
  for (const auto& [name, spec] : table_->kinds)
    found.push_back(&spec);
  return found;
}

void kind_registry::set_mailbox_max(std::uint32_t max) {
  for (auto& [name, spec] : table_->kinds)
    if (!spec.own_mailbox_max)
      spec.mailbox_max = max;
}

void kind_registry::replace(std::string_view name, std::string_view next) {
  auto& kinds = table_->kinds;
  auto old = kinds.find(name);
  auto later = kinds.find(next);
  ensure(old != kinds.end() && later != kinds.end(), "a kind and its successor are registered");
  auto own_name = old->second.name;
  old->second = later->second;
  old->second.name = std::move(own_name);
}

result<kind_registry> kind_registry::of_this_program() {
  kind_registry all;
  for (const auto& spec : registered())
    if (auto added = all.add(spec); !added)
      return tl::unexpected(added.error());
  return all;
}

register_kind::register_kind(const kind& k) { registered().push_back(k.spec()); }

} // namespace troupe
