#include "kernels/train/dataset.hpp"

#include "kernels/base/mapped_file.hpp"
#include "kernels/chat/chat_template.hpp"
#include "kernels/chat/json.hpp"

#include <algorithm>

namespace troupe::kernels::train {

namespace {

constexpr std::size_t line_bytes_max = std::size_t{1} << 20;
constexpr std::size_t lines_max = 10'000'000;

struct halves {
  std::string prompt;
  std::string answer;
  bool rendered = false; // by a template, which writes BOS and the end itself
};

tl::unexpected<error> wrong(std::string what) { return fail(fault::invalid, std::move(what)); }

result<std::string> text_at(const chat::mapping& row, std::string_view key) {
  const auto* found = row.find(key);
  if (found == nullptr || !found->is_text())
    return wrong("\"" + std::string(key) + "\" is no text");
  return found->text();
}

/// Keys that nobody knows are a mistake that would otherwise train on half of what was meant.
result<done> check_keys(const chat::mapping& row, std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : row.entries())
    if (std::ranges::find(known, key.text()) == known.end())
      return wrong("nothing is known about \"" + key.text() + "\"");
  return done{};
}

chat::value variables_of(const chat::mapping& row, chat::value_list messages,
                         const chat::model_template& from, bool prompts) {
  chat::mapping variables;
  variables.set("messages", chat::make_list(std::move(messages)));
  const auto* tools = row.find("tools");
  variables.set("tools", tools != nullptr ? *tools : chat::value{});
  variables.set("documents", {});
  variables.set("add_generation_prompt", prompts);
  if (!from.bos.empty())
    variables.set("bos_token", from.bos);
  if (!from.eos.empty())
    variables.set("eos_token", from.eos);
  return chat::make_mapping(std::move(variables));
}

bool is_assistant(const chat::value& message) {
  if (!message.is_mapping())
    return false;
  const auto* role = message.entries().find("role");
  return role != nullptr && role->is_text() && role->text() == "assistant";
}

result<halves> conversation(const chat::mapping& row, const chat::value& messages,
                            const chat::model_template* from) {
  if (from == nullptr)
    return wrong("the model has no chat template, so a conversation cannot be spelled");
  if (!messages.is_sequence() || messages.items().items.empty() ||
      !is_assistant(messages.items().items.back()))
    return wrong("\"messages\" is no list that ends with a message of the assistant");
  const auto parsed = chat::chat_template::parse(from->source);
  if (!parsed)
    return fail(parsed);
  chat::value_list all = messages.items().items;
  const auto whole = parsed->render(variables_of(row, all, *from, false));
  if (!whole)
    return fail(whole);
  all.pop_back();
  const auto begun = parsed->render(variables_of(row, std::move(all), *from, true));
  if (!begun)
    return fail(begun);
  if (!whole->starts_with(*begun) || whole->size() == begun->size())
    return wrong("the chat template does not spell the last message behind what it spells as its prompt");
  return halves{*begun, whole->substr(begun->size()), true};
}

result<halves> halves_of(const chat::mapping& row, const text_reader& with) {
  if (const auto* messages = row.find("messages")) {
    if (const auto known = check_keys(row, {"messages", "tools"}); !known)
      return fail(known);
    return conversation(row, *messages, with.chat);
  }
  if (const auto known = check_keys(row, {"prompt", "completion"}); !known)
    return fail(known);
  const auto prompt = text_at(row, "prompt");
  const auto completion = text_at(row, "completion");
  if (!prompt || !completion)
    return prompt ? fail(completion) : fail(prompt);
  return halves{*prompt, *completion, false};
}

} // namespace

result<example> read_example(std::string_view line, const text_reader& with) {
  const auto row = chat::read_json(line);
  if (!row)
    return fail(row);
  if (!row->is_mapping())
    return wrong("a line is an object with \"prompt\" and \"completion\", or with \"messages\"");
  const auto text = halves_of(row->entries(), with);
  if (!text)
    return fail(text);
  const bool special = text->rendered || with.words->special_in_text();
  auto tokens = with.words->encode(text->prompt, {special, !text->rendered && with.words->adds_bos()});
  const auto answer = with.words->encode(text->answer, {special, false});
  if (!tokens || !answer)
    return tokens ? fail(answer) : fail(tokens);
  example made{std::move(*tokens), 0};
  made.answer = made.tokens.size();
  made.tokens.insert(made.tokens.end(), answer->begin(), answer->end());
  if (!text->rendered && with.words->eos())
    made.tokens.push_back(*with.words->eos());
  if (const auto fits = check_example(made, *with.shape); !fits)
    return fail(fits);
  return made;
}

result<std::vector<example>> read_examples(const std::string& path, const text_reader& with) {
  const auto file = mapped_file::open(path);
  if (!file)
    return fail(file);
  std::string_view rest(reinterpret_cast<const char*>((*file)->bytes().data()), (*file)->bytes().size());
  std::vector<example> read;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos)
      continue;
    const auto place = path + ":" + std::to_string(number);
    if (line.size() > line_bytes_max || number > lines_max)
      return fail(fault::refused,
                  place + ": " + (number > lines_max ? "too many lines" : "the line is longer than a MiB"));
    auto one = read_example(line, with);
    if (!one)
      return fail_in(place, one);
    read.push_back(std::move(*one));
  }
  if (read.empty())
    return fail(fault::invalid, path + " has no example");
  return read;
}

} // namespace troupe::kernels::train
