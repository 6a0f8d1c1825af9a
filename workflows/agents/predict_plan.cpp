#include "workflows/agents/predict_plan.hpp"

#include "config/expression/template_text.hpp"
#include "config/expression/value.hpp"
#include "config/invariant.hpp"
#include "workflows/run/wire.hpp"

namespace troupe::workflow {
namespace {

formula words(const std::string& text) { return formula::literal(value::text(text)); }

formula input_of_the_action() {
  auto read = expression::template_text::parse("${{ input }}");
  ensure(read.has_value(), "a template of our own can be read");
  return formula::text(std::move(*read));
}

formula schema_value(const std::string& json) {
  auto read = from_text(json);
  return formula::literal(read ? std::move(*read) : value::object({}));
}

} // namespace

std::shared_ptr<const plan> predict_plan(const agent_plan& file, const action& what) {
  const auto& program = *what.predict;
  auto made = std::make_shared<plan>();
  made->name = file.name + '.' + what.name;
  made->version = file.version;
  made->hash = file.hash + ':' + what.name;

  auto ask = std::make_unique<step>();
  ask->what = verb::agent;
  ask->segment = ask->id = "predict";
  ask->body = call_body{words("model"), words(program.model), std::nullopt, "predict"};
  ask->with = formula::map({{"name", words(made->name)},
                            {"version", formula::literal(value::of(file.version))},
                            {"instructions", words(program.instructions)},
                            {"input_schema", schema_value(program.input_schema)},
                            {"output_schema", schema_value(program.output_schema)},
                            {"adapter", words(program.adapter)},
                            {"input", input_of_the_action()}});
  ask->output.shape = what.output;

  auto body = std::make_unique<step>();
  body->what = verb::sequence;
  ask->parent = body.get();
  body->body = sequence_body{{ask.get()}};
  made->body = body.get();
  made->by_id["predict"] = ask.get();
  made->arena.push_back(std::move(body));
  made->arena.push_back(std::move(ask));
  return made;
}

} // namespace troupe::workflow
