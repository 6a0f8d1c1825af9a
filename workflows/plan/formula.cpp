#include "workflows/plan/formula.hpp"

#include "config/expression/template_text.hpp"

#include <variant>

namespace troupe::workflow {

using expression::template_text;
using expression::value;

struct formula_node {
  using list = std::vector<formula>;
  using map = std::vector<std::pair<std::string, formula>>;
  std::variant<value, template_text, list, map> holds;
};

formula::formula(std::shared_ptr<const formula_node> node)
    : node_(std::move(node)) {}

formula formula::literal(value v) {
  return formula(std::make_shared<const formula_node>(formula_node{std::move(v)}));
}

formula formula::text(template_text t) {
  if (t.is_literal())
    return literal(value::text(t.literal()));
  return formula(std::make_shared<const formula_node>(formula_node{std::move(t)}));
}

/// Lists and maps of literals are literals: what computes nothing costs nothing.
formula formula::list(std::vector<formula> items) {
  std::vector<value> constants;
  for (const auto& item : items)
    if (const auto* v = item.constant())
      constants.push_back(*v);
  if (constants.size() == items.size())
    return literal(value::list(std::move(constants)));
  return formula(std::make_shared<const formula_node>(formula_node{std::move(items)}));
}

formula formula::map(std::vector<std::pair<std::string, formula>> entries) {
  std::vector<std::pair<std::string, value>> constants;
  for (const auto& [name, entry] : entries)
    if (const auto* v = entry.constant())
      constants.emplace_back(name, *v);
  if (constants.size() == entries.size())
    return literal(value::object(std::move(constants)));
  return formula(std::make_shared<const formula_node>(formula_node{std::move(entries)}));
}

const value* formula::constant() const noexcept {
  return node_ ? std::get_if<value>(&node_->holds) : nullptr;
}

const template_text* formula::computed_text() const noexcept {
  return node_ ? std::get_if<template_text>(&node_->holds) : nullptr;
}

const std::vector<formula>* formula::computed_list() const noexcept {
  return node_ ? std::get_if<formula_node::list>(&node_->holds) : nullptr;
}

const std::vector<std::pair<std::string, formula>>* formula::computed_map() const noexcept {
  return node_ ? std::get_if<formula_node::map>(&node_->holds) : nullptr;
}

namespace {

result<value> evaluate_text(const template_text& text, const expression::scope& scope) {
  auto found = text.evaluate(scope);
  if (!found)
    return fail(fault::invalid, found.error().message, found.error().hint);
  return std::move(*found);
}

result<value> evaluate_list(const formula_node::list& items, const expression::scope& scope) {
  std::vector<value> all;
  all.reserve(items.size());
  for (const auto& item : items) {
    auto v = item.evaluate(scope);
    if (!v)
      return v;
    all.push_back(std::move(*v));
  }
  return value::list(std::move(all));
}

result<value> evaluate_map(const formula_node::map& entries, const expression::scope& scope) {
  std::vector<std::pair<std::string, value>> all;
  all.reserve(entries.size());
  for (const auto& [name, entry] : entries) {
    auto v = entry.evaluate(scope);
    if (!v)
      return v;
    all.emplace_back(name, std::move(*v));
  }
  return value::object(std::move(all));
}

} // namespace

result<value> formula::evaluate(const expression::scope& scope) const {
  if (!node_)
    return value();
  if (const auto* v = constant())
    return *v;
  if (const auto* text = computed_text())
    return evaluate_text(*text, scope);
  if (const auto* items = computed_list())
    return evaluate_list(*items, scope);
  return evaluate_map(std::get<formula_node::map>(node_->holds), scope);
}

void formula::each_text(const std::function<void(const template_text&)>& visit) const {
  if (!node_)
    return;
  if (const auto* text = computed_text())
    visit(*text);
  else if (const auto* items = computed_list())
    for (const auto& item : *items)
      item.each_text(visit);
  else if (const auto* entries = computed_map())
    for (const auto& [name, entry] : *entries)
      entry.each_text(visit);
}

} // namespace troupe::workflow
