#include "cli/commands/command.hpp"
#include "cli/commands/model/kernel_result.hpp"
#include "cli/commands/model/verbs.hpp"
#include "kernels/model/memory.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct inspect_options {
  std::string model;
};

json json_of(const kernels::model_weights& model, std::uint64_t available) {
  const auto& shape = model.shape;
  const auto per_position = kernels::cache_bytes_per_position(shape);
  const kernels::memory_need need{model.stored_bytes(), per_position * shape.context, 0};
  json out{{"model", model.name},
           {"family", kernels::name_of(shape.of)},
           {"layers", shape.layers},
           {"width", shape.width},
           {"heads", shape.heads},
           {"kv_heads", shape.kv_heads},
           {"head_size", shape.head_size},
           {"ffn_width", shape.ffn_width},
           {"vocabulary", shape.vocabulary},
           {"context", shape.context},
           {"experts", shape.experts},
           {"experts_used", shape.experts_used},
           {"tied_head", shape.tied_head},
           {"rope",
            {{"kind", kernels::name_of(shape.rope.kind)},
             {"theta", shape.rope.theta},
             {"dimensions", shape.rope.dimensions}}},
           {"window", shape.windows.back()},
           {"end_tokens", shape.end_tokens},
           {"weights", kernels::name_of(model.layers.front().query.weight.type())}};
  out["memory"] = {{"weights", need.weights},
                   {"cache_per_position", per_position},
                   {"cache_at_full_context", need.cache},
                   {"sum", need.sum()},
                   {"available", available}};
  return out;
}

std::string line(const std::string& name, const std::string& value) {
  return name + std::string(name.size() < 12 ? 12 - name.size() : 1, ' ') + value + "\n";
}

std::string text_of(const json& about) {
  std::string lines;
  for (const auto* key : {"model", "family", "layers", "width", "heads", "kv_heads", "head_size", "ffn_width",
                          "vocabulary", "context", "weights"})
    lines += line(key, about[key].is_string() ? about[key].get<std::string>() : about[key].dump());
  if (about["experts"] != 0)
    lines +=
        line("experts", about["experts"].dump() + ", " + about["experts_used"].dump() + " for each token");
  if (about["window"] != 0)
    lines += line("window", about["window"].dump() + " positions");
  lines +=
      line("rope", about["rope"]["kind"].get<std::string>() + ", theta " + about["rope"]["theta"].dump());
  const auto& memory = about["memory"];
  const auto bytes = [&memory](const char* key) {
    return kernels::text_of_bytes(memory[key].get<std::uint64_t>());
  };
  lines += line("memory", "weights " + bytes("weights") + " + keys and values " +
                              bytes("cache_at_full_context") + " (" + bytes("cache_per_position") +
                              " a position) = " + bytes("sum") + ", available " + bytes("available"));
  return lines;
}

command_result inspect(const invocation& run, const inspect_options& options) {
  const auto model = kernels::load_model(run.path(options.model));
  if (!model)
    return failed(model);
  const auto available = kernels::available_memory();
  if (!available)
    return failed(available);
  const auto about = json_of(*model, *available);
  auto print = run.print();
  if (print.is_text())
    print.text(text_of(about));
  else
    print.document(about);
  return exit_code::done;
}

} // namespace

void add_model_inspect(CLI::App& group, invocation& run) {
  add_command<inspect_options>(
      group, run, "inspect", "What a model is, and the memory it takes",
      [](CLI::App& command, inspect_options& options) {
        command.add_option("MODEL", options.model, "GGUF file or Hugging Face folder")->required();
      },
      inspect);
}

} // namespace troupe::cli
