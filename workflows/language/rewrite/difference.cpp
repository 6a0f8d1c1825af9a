#include "workflows/language/rewrite/difference.hpp"

#include "workflows/language/grammar/files.hpp"
#include "workflows/language/grammar/steps.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;
using grammar::form;
using grammar::shape;
using json = nlohmann::json;

// The value without the steps in it, which are compared by themselves.
json own_part(const node& value, const shape& as) {
  if (as.is == form::steps || as.is == form::step)
    return "steps";
  json made;
  if (as.is == form::map && value.is(node_kind::map)) {
    for (const config::entry& e : value.entries())
      if (const grammar::key* k = grammar::find_key(as.keys, e.key.text()))
        made[std::string(e.key.text())] = own_part(e.value, *k->holds);
    return made;
  }
  if ((as.is == form::named) && value.is(node_kind::map)) {
    for (const config::entry& e : value.entries())
      made[std::string(e.key.text())] = own_part(e.value, *as.of);
    return made;
  }
  if ((as.is == form::list || as.is == form::one_or_many) && value.is(node_kind::list)) {
    for (const node& item : value.items())
      made.push_back(own_part(item, *as.of));
    return made;
  }
  return json::parse(config::to_json(value).value_or("null"));
}

const shape* shape_of_key(std::string_view key) {
  if (const auto* verb = grammar::find_verb(key))
    return verb->holds;
  const auto* attribute = grammar::find_attribute(key);
  return attribute == nullptr ? nullptr : attribute->holds;
}

using parts = std::map<std::string, json>;

parts parts_of(const node& at) {
  parts all;
  if (at.is(node_kind::map))
    for (const config::entry& e : at.entries())
      if (const shape* as = shape_of_key(e.key.text()))
        all[std::string(e.key.text())] = own_part(e.value, *as);
  return all;
}

parts parts_of_file(const node& root) {
  parts all;
  for (const config::entry& e : root.entries())
    if (const grammar::key* k = grammar::find_key(grammar::workflow_file.keys, e.key.text()))
      all[std::string(e.key.text())] = own_part(e.value, *k->holds);
  return all;
}

std::vector<std::string> changed_keys(const parts& before, const parts& after) {
  std::set<std::string> keys;
  for (const auto& [key, value] : before)
    if (const auto found = after.find(key); found == after.end() || found->second != value)
      keys.insert(key);
  for (const auto& [key, value] : after)
    if (!before.contains(key))
      keys.insert(key);
  return {keys.begin(), keys.end()};
}

std::map<std::string, const step*> steps_of(const plan& of) {
  std::map<std::string, const step*> all;
  for (const auto& s : of.arena)
    all.emplace(path_of(*s), s.get());
  return all;
}

} // namespace

std::string path_of(const step& s) {
  const std::string above = s.parent == nullptr ? "" : path_of(*s.parent);
  return above.empty() ? s.segment : above + "/" + s.segment;
}

std::vector<difference> compare(const draft& before, const draft& after) {
  std::vector<difference> all;
  if (auto keys = changed_keys(parts_of_file(before.at), parts_of_file(after.at)); !keys.empty())
    all.push_back({difference::kind::changed, "", "", std::move(keys)});
  const auto old_steps = steps_of(*before.made);
  const auto new_steps = steps_of(*after.made);
  for (const auto& s : before.made->arena)
    if (const std::string path = path_of(*s); !new_steps.contains(path))
      all.push_back({difference::kind::removed, path, std::string(to_string(s->what)), {}});
  for (const auto& s : after.made->arena) {
    const std::string path = path_of(*s);
    const auto old = old_steps.find(path);
    if (old == old_steps.end()) {
      all.push_back({difference::kind::added, path, std::string(to_string(s->what)), {}});
      continue;
    }
    auto keys =
        changed_keys(parts_of(before.sources.at(old->second).at), parts_of(after.sources.at(s.get()).at));
    if (!keys.empty())
      all.push_back({difference::kind::changed, path, std::string(to_string(s->what)), std::move(keys)});
  }
  return all;
}

std::string render_text(const std::vector<difference>& all) {
  constexpr std::string_view signs = "+-~";
  std::string text;
  for (const difference& d : all) {
    text += signs[static_cast<std::size_t>(d.is)];
    text += d.path.empty() ? " the file" : " " + d.path + " (" + d.verb + ")";
    for (std::size_t i = 0; i < d.keys.size(); ++i)
      text += (i == 0 ? ": " : ", ") + d.keys[i];
    text += "\n";
  }
  return text;
}

std::string render_json(const std::vector<difference>& all) {
  constexpr std::array<const char*, 3> names{"added", "removed", "changed"};
  json items = json::array();
  for (const difference& d : all)
    items.push_back({{"change", names[static_cast<std::size_t>(d.is)]},
                     {"path", d.path},
                     {"verb", d.verb},
                     {"keys", d.keys}});
  return json{{"items", std::move(items)}}.dump();
}

} // namespace troupe::workflow
