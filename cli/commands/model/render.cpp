#include "cli/commands/command.hpp"
#include "cli/commands/model/kernel_result.hpp"
#include "cli/commands/model/text_lines.hpp"
#include "cli/commands/model/verbs.hpp"
#include "kernels/base/mapped_file.hpp"
#include "kernels/chat/chat_template.hpp"
#include "kernels/chat/json.hpp"
#include "kernels/chat/open.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

namespace chat = kernels::chat;

struct render_options {
  std::string model;
  std::string source;
  std::string messages;
  std::string tools;
  bool prompts = false;
  bool lines = false;
};

constexpr std::size_t messages_bytes_max = 64 * 1024 * 1024;

result<chat::model_template> read_template(const invocation& run, const render_options& options) {
  if (!options.source.empty()) {
    auto source = kernels::read_text_file(run.path(options.source), chat::template_bytes_max);
    if (!source)
      return failed(source);
    return chat::model_template{std::move(*source), "", ""};
  }
  if (options.model.empty())
    return chat::model_template{};
  auto found = chat::open_model_template(run.path(options.model));
  if (!found)
    return failed(found);
  return std::move(*found);
}

std::tm local_time(const invocation& run) {
  const auto seconds = static_cast<std::time_t>(to_ms(run.world.clock->now()) / 1000);
  std::tm now{};
  localtime_r(&seconds, &now);
  return now;
}

/// What transformers hands to a template, and whatever else the row has for it.
chat::value variables_of(const chat::mapping& row, const chat::model_template& from) {
  chat::mapping variables;
  variables.set("messages", chat::make_list({}));
  variables.set("tools", {});
  variables.set("documents", {});
  variables.set("add_generation_prompt", false);
  if (!from.bos.empty())
    variables.set("bos_token", from.bos);
  if (!from.eos.empty())
    variables.set("eos_token", from.eos);
  for (const auto& [key, what] : row.entries())
    if (const auto& name = key.text();
        name != "template" && name != "name" && name != "rendered" && name != "error")
      variables.set(key, what);
  return chat::make_mapping(std::move(variables));
}

result<std::string> render_row(const chat::value& row, chat::model_template from, const std::tm& now) {
  if (!row.is_mapping())
    return fail(fault::invalid, "a row is a JSON object");
  if (const auto* own = row.entries().find("template"); own != nullptr && own->is_text())
    from.source = own->text();
  else if (from.source.empty())
    return fail(fault::invalid, "there is no template", "name a MODEL, or --template FILE");
  const auto parsed = chat::chat_template::parse(from.source);
  if (!parsed)
    return failed(parsed);
  auto text = parsed->render(variables_of(row.entries(), from), &now);
  if (!text)
    return failed(text);
  return std::move(*text);
}

result<chat::value> read_json_file(const invocation& run, const std::string& name) {
  const auto text = kernels::read_text_file(run.path(name), messages_bytes_max);
  if (!text)
    return failed(text);
  auto read = chat::read_json(*text);
  if (!read)
    return fail(fault::invalid, name + ": " + read.error().message);
  return std::move(*read);
}

/// The messages alone, or an object with them and what else the template asks for.
result<chat::value> read_row(const invocation& run, const render_options& options) {
  auto messages = read_json_file(run, options.messages);
  if (!messages)
    return messages;
  chat::mapping row;
  if (messages->is_mapping())
    row = messages->entries();
  else
    row.set("messages", std::move(*messages));
  if (!options.tools.empty()) {
    auto tools = read_json_file(run, options.tools);
    if (!tools)
      return tools;
    row.set("tools", std::move(*tools));
  }
  if (options.prompts)
    row.set("add_generation_prompt", true);
  return chat::make_mapping(std::move(row));
}

command_result render_messages(const invocation& run, const render_options& options,
                               const chat::model_template& from) {
  if (options.messages.empty())
    return fail(fault::invalid, "there are no messages", "--messages FILE, or rows with --jsonl");
  const auto row = read_row(run, options);
  if (!row)
    return tl::unexpected(row.error());
  const auto text = render_row(*row, from, local_time(run));
  if (!text)
    return tl::unexpected(text.error());
  auto print = run.print();
  if (print.is_text())
    print.text(*text);
  else
    print.document(json{{"text", *text}});
  return exit_code::done;
}

command_result render(const invocation& run, const render_options& options) {
  const auto from = read_template(run, options);
  if (!from)
    return tl::unexpected(from.error());
  if (!options.lines)
    return render_messages(run, options, *from);
  const auto now = local_time(run);
  return answer_lines(run, true, [&](const std::string& line) -> result<json> {
    const auto row = chat::read_json(line);
    if (!row)
      return failed(row);
    const auto text = render_row(*row, *from, now);
    if (!text)
      return tl::unexpected(text.error());
    return json{{"text", *text}};
  });
}

} // namespace

void add_model_render(CLI::App& group, invocation& run) {
  add_command<render_options>(
      group, run, "render", "A conversation as the model's chat template spells it",
      [](CLI::App& command, render_options& options) {
        command.add_option("MODEL", options.model, "GGUF file or Hugging Face folder");
        command.add_option("--template", options.source, "a Jinja file instead of the model's");
        command.add_option("--messages", options.messages,
                           "JSON: the messages, or an object with them and other variables");
        command.add_option("--tools", options.tools, "JSON: the tools");
        command.add_flag("--add-generation-prompt", options.prompts, "end where the model's answer begins");
        command.add_flag("--jsonl", options.lines, "rows of standard input, each with its own variables");
      },
      render);
}

} // namespace troupe::cli
