#include "workflows/testing/suite.hpp"

#include "config/invariant.hpp"
#include "workflows/run/deployed.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

class suite_run {
public:
  suite_run(const test_plan& tests, const deployment& around)
      : tests_(tests)
      , around_(around) {
    const auto found = around.workflows.find(tests.workflow);
    ensure(found != around.workflows.end(), "tests were checked against their workflow");
    plan_ = found->second;
  }

  suite_result run(const std::string& only) && {
    suite_result made{tests_.file, tests_.workflow, {}, {}};
    for (const auto& test : tests_.cases)
      if (test.name.find(only) != test.name.npos)
        made.cases.push_back(run_one(test));
    made.branches = branches_of(*plan_, seen_);
    return made;
  }

private:
  case_result run_one(const test_case& test) {
    const auto& plain = outcome_of(test);
    if (!test.crash_at_every_record)
      return judged(test, plain);
    const auto crashed = run(test, true);
    auto made = judged(test, crashed);
    for (auto& wrong : compare_outcomes(plain, crashed, true)) {
      wrong.what += " after crashes";
      made.mismatches.push_back(std::move(wrong));
    }
    return made;
  }

  case_result judged(const test_case& test, const case_outcome& got) {
    case_result made;
    made.name = test.name;
    made.line = test.where.begin.line;
    made.mismatches = check_expectation(test.expect, got);
    made.problems = got.problems;
    if (!test.expect.same_as.empty())
      for (auto& wrong : compare_outcomes(outcome_of(named(test.expect.same_as)), got, false)) {
        wrong.what += " (same as " + test.expect.same_as + ")";
        made.mismatches.push_back(std::move(wrong));
      }
    made.reason = got.reason;
    made.virtual_time = got.virtual_time;
    made.records = got.records;
    made.crashes = got.crashes;
    return made;
  }

  const test_case& named(const std::string& name) const {
    const auto found = std::find_if(tests_.cases.begin(), tests_.cases.end(),
                                    [&](const test_case& t) { return t.name == name; });
    ensure(found != tests_.cases.end(), "`same_as` was checked");
    return *found;
  }

  const case_outcome& outcome_of(const test_case& test) {
    const auto known = outcomes_.find(test.name);
    return known != outcomes_.end() ? known->second : outcomes_[test.name] = run(test, false);
  }

  case_outcome run(const test_case& test, bool crashing) {
    std::vector<std::pair<std::string, value>> env(test.env.begin(), test.env.end());
    deployed_catalog known(value::object(std::move(env)));
    known.keep_secrets_with(
        [](std::string_view name, std::string_view) { return "<secret " + std::string(name) + ">"; });
    std::vector<std::shared_ptr<const plan>> plans;
    for (const auto& [name, made] : around_.workflows)
      plans.push_back(made);
    std::vector<std::shared_ptr<const agent_plan>> agents;
    for (const auto& [name, made] : around_.agents)
      agents.push_back(made);
    known.deploy(std::move(plans), std::move(agents));
    auto made = run_case(tests_.workflow, test, known, crashing);
    add_traces(seen_, made);
    return made;
  }

  const test_plan& tests_;
  const deployment& around_;
  std::shared_ptr<const plan> plan_;
  std::map<std::string, case_outcome> outcomes_; // without crashes, by name
  traces seen_;
};

} // namespace

std::size_t suite_result::failed() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(cases.begin(), cases.end(), [](const case_result& c) { return !c.passed(); }));
}

suite_result run_tests(const test_plan& tests, const deployment& around, const std::string& only) {
  return suite_run(tests, around).run(only);
}

} // namespace troupe::workflow
