#include "workflows/rehearsal/known_values.hpp"

#include "config/expression/value_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

using nlohmann::json;
using known_map = std::map<std::string, std::optional<value>, std::less<>>;

std::string text_of(const json& j) { return j.dump(-1, ' ', false, json::error_handler_t::replace); }

std::string text_of(const value& v) {
  const auto made = expression::to_json(v);
  return made ? text_of(*made) : "null";
}

std::string marked(const std::string& source) {
  const auto from = source.find_first_not_of(" \t\r\n");
  if (from == source.npos)
    return "‹›";
  return "‹" + source.substr(from, source.find_last_not_of(" \t\r\n") - from + 1) + "›";
}

resolved known(value v) {
  auto shown = text_of(v);
  return {std::move(v), std::move(shown), {}};
}

bool differs(const std::optional<value>& a, const std::optional<value>& b) {
  return a.has_value() != b.has_value() || (a && !equal(*a, *b));
}

void blur_map(known_map& into, const known_map& way) {
  for (const auto& [name, v] : way) {
    const auto found = into.find(name);
    if (found == into.end() || differs(found->second, v))
      into[name] = std::nullopt;
  }
}

} // namespace

resolved known_values::resolve(const formula& f) const {
  if (f.absent())
    return known({});
  if (const auto* v = f.constant())
    return known(*v);
  if (const auto* text = f.computed_text())
    return resolve_text(*text);
  resolved made;
  bool all = true;
  const auto take = [&](const formula& part, auto&& keep) {
    auto one = resolve(part);
    all = all && one.known;
    made.problem = made.problem.empty() ? one.problem : made.problem;
    keep(one);
  };
  if (const auto* items = f.computed_list()) {
    auto shown = json::array();
    std::vector<value> values;
    for (const auto& item : *items)
      take(item, [&](const resolved& one) {
        shown.push_back(json::parse(one.shown));
        values.push_back(one.known.value_or(value()));
      });
    made.shown = text_of(shown);
    if (all)
      made.known = value::list(std::move(values));
    return made;
  }
  auto shown = json::object();
  std::vector<std::pair<std::string, value>> fields;
  for (const auto& [name, entry] : *f.computed_map())
    take(entry, [&, name = name](const resolved& one) {
      shown[name] = json::parse(one.shown);
      fields.emplace_back(name, one.known.value_or(value()));
    });
  made.shown = text_of(shown);
  if (all)
    made.known = value::object(std::move(fields));
  return made;
}

/// Known parts are filled in; the others stand as they are written.
resolved known_values::resolve_text(const expression::template_text& text) const {
  using embedded = expression::template_text::embedded;
  const auto& parts = text.parts();
  const bool all = std::all_of(parts.begin(), parts.end(), [&](const auto& part) {
    const auto* e = std::get_if<embedded>(&part);
    return !e || knows(e->inner);
  });
  if (all) {
    auto v = text.evaluate(*this);
    if (v)
      return known(std::move(*v));
    return {std::nullopt, text_of(json("‹" + v.error().message + "›")), v.error().message};
  }
  std::string shown;
  for (const auto& part : parts) {
    const auto* e = std::get_if<embedded>(&part);
    if (!e) {
      shown += text.is_single() ? "" : std::get<std::string>(part);
      continue;
    }
    const auto v =
        knows(e->inner) ? e->inner.evaluate(*this) : tl::expected<value, expression::problem>(value());
    shown += !knows(e->inner) || !v                ? marked(e->inner.text())
             : v->is(expression::value_kind::text) ? v->as_text()
                                                   : text_of(*v);
  }
  return {std::nullopt, text_of(json(shown)), {}};
}

bool known_values::knows(const expression::expression& e) const {
  const auto all = e.references();
  return std::all_of(all.begin(), all.end(), [&](const auto& r) { return knows(r); });
}

bool known_values::knows(const expression::reference& r) const {
  if (const auto local = locals.find(r.root); local != locals.end())
    return local->second.has_value();
  const auto has = [&](const known_map& in) {
    if (r.path.empty())
      return std::all_of(in.begin(), in.end(), [](const auto& one) { return one.second.has_value(); });
    const auto found = in.find(r.path.front());
    return found == in.end() || found->second.has_value();
  };
  if (r.root == "vars")
    return has(vars);
  if (r.root == "steps")
    return has(steps);
  if (r.root == "run")
    return !r.path.empty() && run.find(r.path.front()) != nullptr;
  return r.root == "input" || r.root == "event" || r.root == "env";
}

void known_values::blur(const known_values& way) {
  blur_map(vars, way.vars);
  blur_map(steps, way.steps);
}

result<const value*> known_values::find(std::string_view root) const {
  if (const auto local = locals.find(root); local != locals.end())
    return local->second ? &*local->second : nullptr;
  if (root == "input")
    return &input;
  if (root == "event")
    return &event;
  if (root == "env")
    return &env;
  if (root == "run")
    return &run;
  if (root != "vars" && root != "steps")
    return nullptr;
  std::vector<std::pair<std::string, value>> fields;
  for (const auto& [name, v] : root == "vars" ? vars : steps)
    if (v)
      fields.emplace_back(name, *v);
  made_ = value::object(std::move(fields));
  return &made_;
}

std::optional<const value*> known_values::find_field(std::string_view root, std::string_view field) const {
  if (root != "vars" && root != "steps")
    return std::nullopt;
  const auto& in = root == "vars" ? vars : steps;
  const auto found = in.find(field);
  return found == in.end() || !found->second ? nullptr : &*found->second;
}

} // namespace troupe::workflow
