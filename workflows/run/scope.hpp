#pragma once

#include "config/expression/scope.hpp"
#include "workflows/run/state.hpp"

#include <deque>
#include <string_view>

namespace troupe::workflow {

/// The variables of an expression at one place of one run. Steps are looked up one at a time: nobody builds
/// the map of all results.
class run_scope final : public expression::scope {
public:
  run_scope(const run_record& run, const instance& at)
      : run_(run)
      , at_(at) {}

  result<const value*> find(std::string_view root) const override;
  std::optional<const value*> find_field(std::string_view root, std::string_view field) const override;

private:
  const value* keep(value v) const;
  const value* find_local(std::string_view name) const;
  const value* find_step(std::string_view id) const;
  value all_steps() const;
  value run_facts() const;
  value step_facts() const;
  const instance& step_in_question() const;

  const run_record& run_;
  const instance& at_;
  mutable std::deque<value> made_; // what find() built lives as long as the scope
};

/// The names that iterations, `catch` and the like put in reach of the steps inside `self`; null: not one of
/// them.
const value* local_name(const instance& self, std::string_view name);

} // namespace troupe::workflow
