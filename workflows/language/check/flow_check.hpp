#pragma once

#include "workflows/language/check/catalogue.hpp"
#include "workflows/language/check/scene.hpp"

#include <unordered_map>

namespace troupe::workflow {

/// Levels 2 and 3: walks a plan in the order of execution and checks every expression against what it sees
/// there.
class flow_check {
public:
  flow_check(const draft& of, const catalogue& known, reporter& to);

  /// `approved`: a person was asked before any of it runs.
  void run(bool approved);

  /// Variables that something reads.
  const std::set<std::string, std::less<>>& variables_read() const noexcept { return read_; }

private:
  // The walk; each gives what is known of the step's result and changes the scene to what follows it.
  known_result walk(const step& s, scene& now);
  known_result walk_body(const step& s, scene& now);
  known_result walk_sequence(const step& s, scene& now);
  known_result walk_parallel(const step& s, const parallel_body& body, scene& now);
  known_result walk_choice(const step& s, const choice_body& body, scene& now);
  known_result walk_map(const step& s, const map_body& body, scene& now);
  known_result walk_loop(const step& s, const loop_body& body, scene& now);
  known_result walk_race(const race_body& body, scene& now);
  known_result walk_attempt(const attempt_body& body, scene& now);
  void walk_undoing(const step& s, const scene& now);
  known_result call_result(const step& s, const call_body& call, const scene& now);
  known_result plain_result(const step& s) const;
  void note_inside(const step& s, scene& now) const;
  std::size_t number_of(std::string_view id) const { return numbers_.find(id)->second; }

  // Expressions.
  void check_uses(const step& s, moment when, const scene& now);
  void check_use(const use& u, const scene& now);
  void check_written(const use& u, const written& w, const scene& now);
  void check_text(const use& u, const written& w, const scene& now);
  void check_reference(const use& u, const written& w, const expression::reference& r, const scene& now);
  void check_step_reference(const use& u, const written& w, const expression::reference& r, const scene& now);
  void check_fields(const use& u, const written& w, const expression::reference& r, const scene& now);
  void report_unknown_step(const written& w, const expression::reference& r);
  void report_hidden_step(const written& w, const expression::reference& r, const step& target,
                          const scene& now);
  void report_unknown_variable(const written& w, const expression::reference& r, const scene& now);
  void report_maybe(const written& w, const expression::reference& r, const scene& now);
  void check_wanted(const use& u, const written& w, const expression::type& given);

  // Calls.
  void check_arguments(const step& s, const std::shared_ptr<const schema>& wanted, const std::string& callee,
                       const scene& now);
  void check_argument(const written& given, const schema& wanted, const std::vector<std::string>& path,
                      const expression::type& as, const std::string& callee, const scene& now);

  expression::type type_of(const written& w, const scene& now) const;
  scene_types types_in(const scene& now, const std::vector<expression::reference>& read) const;
  std::string who(const use& u, const scene& now) const;
  const use* find_use(const step& s, std::string_view key) const;
  void note_guards(const use& condition, scene& now) const;

  const draft& draft_;
  const plan& plan_;
  const catalogue& known_;
  reporter& to_;
  std::unordered_map<const step*, known_result> results_;
  std::map<std::string, std::size_t, std::less<>> numbers_; // of ids
  std::set<std::string, std::less<>> variables_;            // declared or set anywhere
  std::set<std::string, std::less<>> read_;
};

} // namespace troupe::workflow
