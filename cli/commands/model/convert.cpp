#include "kernels/convert/convert.hpp"
#include "cli/commands/command.hpp"
#include "cli/commands/model/kernel_result.hpp"
#include "cli/commands/model/verbs.hpp"
#include "kernels/model/loaders.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct convert_options {
  std::string from;
  std::string to;
  std::string type;
};

/// The model, and its file if it is one, for the vocabulary.
struct source_model {
  kernels::model_weights model;
  std::optional<kernels::gguf_file> file;
};

kernels::result<source_model> open_source(const std::string& path) {
  std::error_code ignored; // what cannot be opened is said when it is opened
  if (std::filesystem::is_directory(path, ignored)) {
    auto model = kernels::load_hf_folder(path);
    if (!model)
      return kernels::fail(model);
    return source_model{std::move(*model), std::nullopt};
  }
  auto file = kernels::gguf_file::open(path);
  if (!file)
    return kernels::fail(file);
  auto model = kernels::load_gguf_model(*file);
  if (!model)
    return kernels::fail(model);
  return source_model{std::move(*model), std::move(*file)};
}

command_result convert(const invocation& run, const convert_options& options) {
  kernels::conversion how;
  if (!options.type.empty()) {
    how.type = kernels::writable_type(options.type);
    if (!how.type)
      return fail(fault::invalid, "models cannot be written as " + options.type,
                  "--type f32, f16, bf16, q8_0 or q4_0");
  }
  const auto from = run.path(options.from);
  const auto to = run.path(options.to);
  if (from == to)
    return fail(fault::invalid, "a model cannot be converted into its own place", "choose another name");
  const auto source = open_source(from);
  if (!source)
    return failed(source);
  const auto report =
      to.ends_with(".gguf")
          ? kernels::write_gguf_model(source->model, source->file ? &*source->file : nullptr, how, to)
          : kernels::write_hf_model(source->model, how, to);
  if (!report)
    return failed(report);
  auto print = run.print();
  if (!print.is_text())
    print.document({{"written", options.to}, {"tensors", report->tensors}, {"fallbacks", report->fallbacks}});
  print.note(std::to_string(report->tensors) + " tensors written to " + options.to +
             (report->fallbacks > 0 ? ", " + std::to_string(report->fallbacks) +
                                          " as F16, since their rows are no whole number of blocks"
                                    : ""));
  return exit_code::done;
}

command_result quantize(const invocation& run, const convert_options& options) {
  if (!options.to.ends_with(".gguf"))
    return fail(fault::invalid, "quantised models are written as GGUF files",
                "troupe model quantize MODEL OUT.gguf --type q8_0");
  return convert(run, options);
}

} // namespace

void add_model_convert(CLI::App& group, invocation& run) {
  add_command<convert_options>(
      group, run, "convert", "Hugging Face folder to GGUF file, or back",
      [](CLI::App& command, convert_options& options) {
        command.add_option("MODEL", options.from, "GGUF file or Hugging Face folder")->required();
        command.add_option("OUT", options.to, "a name ending in .gguf, or a folder")->required();
        command.add_option("--type", options.type, "f32, f16, bf16, q8_0 or q4_0; else as it is");
      },
      convert);
}

void add_model_quantize(CLI::App& group, invocation& run) {
  add_command<convert_options>(
      group, run, "quantize", "Store a model's matrices in fewer bits",
      [](CLI::App& command, convert_options& options) {
        command.add_option("MODEL", options.from, "GGUF file or Hugging Face folder")->required();
        command.add_option("OUT", options.to, "a name ending in .gguf")->required();
        options.type = "q8_0";
        command.add_option("--type", options.type, "q8_0 (the default) or q4_0")
            ->check(CLI::IsMember({"q8_0", "q4_0"}));
      },
      quantize);
}

} // namespace troupe::cli
