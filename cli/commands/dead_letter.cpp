#include "cli/commands/command.hpp"
#include "cli/console/table.hpp"
#include "cli/console/values.hpp"
#include "gateway/http/target.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct list_options {
  std::size_t limit = 100;
};
struct letter_options {
  std::string id;
};

std::string path_of(const std::string& id) { return "/v1/dead-letters/" + gateway::percent_encode(id); }

std::string letters_table(const std::vector<json>& letters) {
  table lines({"ID", "AT", "REASON", "TO", "TYPE", "REPLAYED", "NOTE"});
  for (const auto& letter : letters)
    lines.row({cell(letter, "id"), cell(letter, "at"), cell(letter, "reason"), cell(letter, "to"),
               cell(letter.value("message", json()), "type"), letter.value("replayed", false) ? "yes" : "no",
               cell(letter, "note")});
  return lines.text();
}

command_result list_letters(const invocation& run, const list_options& options) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto letters = fetch_list(*node, "/v1/dead-letters", {}, options.limit);
  if (!letters)
    return tl::unexpected(letters.error());
  auto print = run.print();
  if (print.format() == output_format::json)
    print.document(
        json{{"items", letters->items}, {"count", letters->items.size()}, {"complete", letters->complete}});
  if (print.format() == output_format::stream)
    for (const auto& letter : letters->items)
      print.stream_line(letter);
  if (print.is_text() && !letters->items.empty())
    print.text(letters_table(letters->items));
  print.note(counted(letters->items.size(), "dead letter") +
             (letters->complete ? ", complete" : ", more exist: raise --limit"));
  return exit_code::done;
}

command_result show_letter(const invocation& run, const letter_options& options) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto letter = node->get(path_of(options.id));
  if (!letter)
    return tl::unexpected(letter.error());
  run.print().document(*letter);
  return exit_code::done;
}

command_result replay_letter(const invocation& run, const letter_options& options) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto replayed = node->post(path_of(options.id) + "/replay", json::object());
  if (!replayed)
    return tl::unexpected(replayed.error());
  auto print = run.print();
  if (!print.is_text())
    print.document(*replayed);
  else
    print.text(cell(*replayed, "id") + "\n");
  return exit_code::done;
}

} // namespace

void add_dead_letter(CLI::App& root, invocation& run) {
  auto* group = root.add_subcommand("dead-letter", "Messages that could not be applied");
  group->require_subcommand(1);
  group->fallthrough();
  const auto takes_id = [](CLI::App& command, letter_options& options) {
    command.add_option("ID", options.id, "the dead letter's id")->required();
  };
  add_command<list_options>(
      *group, run, "list", "List them, each with its reason",
      [](CLI::App& command, list_options& options) {
        command.add_option("--limit", options.limit, "how many at most")->check(CLI::Range(1, 1'000'000));
      },
      list_letters);
  add_command<letter_options>(*group, run, "show", "One of them with its whole message", takes_id,
                              show_letter);
  add_command<letter_options>(*group, run, "replay", "Send one again as a new message", takes_id,
                              replay_letter);
}

} // namespace troupe::cli
