#include "cli/commands/command.hpp"
#include "config/diagnostic/diagnostic.hpp"
#include "config/expression/expression.hpp"
#include "config/expression/value_json.hpp"
#include "config/time_zone/system_zones.hpp"

#include <CLI/CLI.hpp>
#include <istream>
#include <nlohmann/json.hpp>
#include <ostream>

namespace troupe::cli {

namespace {

using expression::problem;

struct expr_options {
  std::string expression;
  std::string variables = "{}";
  bool from_lines = false;
};

/// The members of a JSON object, each a variable.
class object_scope : public expression::scope {
public:
  static result<object_scope> make(const json& object) {
    object_scope made;
    for (const auto& [name, item] : object.items()) {
      auto read = expression::from_json(item);
      if (!read)
        return tl::unexpected(read.error());
      made.values_.emplace(name, *std::move(read));
    }
    return made;
  }

  result<const expression::value*> find(std::string_view root) const override {
    const auto found = values_.find(root);
    return found == values_.end() ? nullptr : &found->second;
  }

private:
  std::map<std::string, expression::value, std::less<>> values_;
};

/// Nothing is known of variables before they are there, and one that is missing may stand left of `??`.
class unknown_types : public expression::type_scope {
public:
  const expression::type* find(std::string_view) const override { return nullptr; }
  std::vector<std::string_view> names() const override { return {}; }
  bool is_open() const override { return true; }
};

tl::expected<expression::value, problem> evaluate(const std::string& text, const object_scope& variables,
                                                  const time_zone::zone_source& zones) {
  auto read = expression::expression::parse(text);
  if (!read)
    return tl::unexpected(read.error());
  auto checked = read->check(unknown_types());
  if (!checked.ok())
    return tl::unexpected(checked.problems.front());
  return read->evaluate(variables, {&zones, {}});
}

json failure(std::string_view code, const std::string& message, std::size_t at) {
  return {{"error", {{"code", code}, {"message", message}, {"at", at}}}};
}

/// {"value", "type"} or {"error": {"code", "message", "at"}}.
json answer_of(const tl::expected<expression::value, problem>& made) {
  if (!made)
    return failure(expression::to_string(made.error().what), made.error().message, made.error().at.begin);
  auto value = expression::to_json(*made);
  if (!value)
    return failure(expression::to_string(expression::code::conversion), value.error().message, 0);
  return {{"value", *std::move(value)}, {"type", expression::to_string(made->kind())}};
}

/// A line of --jsonl. What is no such line is told in its place, so that answers and questions stay paired.
json answer_line(const std::string& line, const time_zone::zone_source& zones) {
  const auto row = json::parse(line, nullptr, false);
  const bool is_question = row.is_object() && row.contains("expr") && row["expr"].is_string();
  const auto variables = is_question && row.contains("vars") ? row["vars"] : json::object();
  if (!is_question || !variables.is_object())
    return failure("input", "a line is {\"expr\": text, \"vars\": {name: value}}", 0);
  auto scope = object_scope::make(variables);
  if (!scope)
    return failure("input", scope.error().message, 0);
  return answer_of(evaluate(row["expr"].get<std::string>(), *scope, zones));
}

command_result answer_lines(const invocation& run, const time_zone::zone_source& zones) {
  auto print = run.print();
  for (std::string line; std::getline(run.world.in, line);)
    print.stream_line(answer_line(line, zones));
  return exit_code::done;
}

/// The expression with a caret below what is wrong.
void show_problem(const invocation& run, const std::string& text, const problem& found) {
  const config::source shown("expression", text);
  auto told = config::make_error(shown, shown.between(found.at.begin, found.at.end),
                                 expression::to_string(found.what), found.message, found.hint);
  run.world.err << config::render_text(told) << std::flush;
}

command_result expr(const invocation& run, const expr_options& options) {
  const time_zone::system_zones zones;
  if (options.from_lines)
    return answer_lines(run, zones);
  if (options.expression.empty())
    return fail(fault::invalid, "there is no expression", "troupe expr 'x * 2' --vars '{\"x\": 21}'");
  auto given = read_argument(run, options.variables);
  if (!given)
    return tl::unexpected(given.error());
  const auto variables = json::parse(*given, nullptr, false);
  if (!variables.is_object())
    return fail(fault::invalid, "the variables are no JSON object", "--vars '{\"x\": 21}'");
  auto scope = object_scope::make(variables);
  if (!scope)
    return tl::unexpected(scope.error());
  const auto made = evaluate(options.expression, *scope, zones);
  const json answer = answer_of(made);
  auto print = run.print();
  if (!print.is_text())
    print.document(answer);
  else if (!made)
    show_problem(run, options.expression, made.error());
  else if (answer.contains("error"))
    return fail(fault::invalid, answer["error"]["message"].get<std::string>());
  else
    print.text(answer["value"].dump(2) + "\n");
  return answer.contains("error") ? exit_code::failed : exit_code::done;
}

} // namespace

void add_expr(CLI::App& root, invocation& run) {
  add_command<expr_options>(
      root, run, "expr", "Evaluate an expression of the workflow language",
      [](CLI::App& command, expr_options& options) {
        command.add_option("EXPR", options.expression, "steps.qualify.score >= 80");
        command.add_option("--vars", options.variables, "JSON object, @FILE, or - for standard input");
        command.add_flag(
            "--jsonl", options.from_lines,
            "standard input: a line {\"expr\", \"vars\"} gives one {\"value\", \"type\"} or {\"error\"}");
      },
      expr);
}

} // namespace troupe::cli
