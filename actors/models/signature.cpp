#include "actors/models/signature.hpp"

#include "actors/models/limits.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::models {
namespace {

constexpr std::size_t name_bytes = 64; // what OpenAI's response_format takes

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= name_bytes && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

tl::unexpected<error> within(const std::string& where, const error& why) {
  return fail(why.what, where + ": " + why.message, why.hint);
}

/// The text as one line of canonical JSON that fits `shape`.
result<std::string> fitting(const std::string& text, const config::schema& shape, const std::string& what) {
  const auto value = parse_json(text, limits::request_bytes, what);
  if (!value)
    return tl::unexpected(value.error());
  if (const auto broken = shape.check(*value))
    return fail(fault::invalid, what + " breaks its schema: " + broken->sentence);
  return dump_json(*value);
}

result<void> normalise_examples(signature_text& text, const config::schema& input,
                                const config::schema& output) {
  if (text.examples.size() > limits::examples)
    return fail(fault::invalid,
                text.name + " has more than " + std::to_string(limits::examples) + " examples");
  for (std::size_t i = 0; i < text.examples.size(); ++i) {
    const std::string which = text.name + ": example " + std::to_string(i + 1);
    auto asked = fitting(text.examples[i].input, input, which + "'s input");
    if (!asked)
      return tl::unexpected(asked.error());
    auto answered = fitting(text.examples[i].output, output, which + "'s output");
    if (!answered)
      return tl::unexpected(answered.error());
    text.examples[i] = {std::move(*asked), std::move(*answered)};
  }
  return {};
}

} // namespace

signature::signature(signature_text text, config::schema input, config::schema output)
    : text_(std::move(text))
    , input_(std::move(input))
    , output_(std::move(output)) {}

result<signature> signature::make(signature_text text) {
  if (!is_name(text.name))
    return fail(fault::invalid, "\"" + shorten(text.name, name_bytes) + "\" cannot name a signature",
                "use letters, digits, dot, dash and underscore, at most 64");
  if (text.instructions.empty() || text.instructions.size() > limits::request_bytes)
    return fail(fault::invalid, text.name + " needs instructions of at most " +
                                    std::to_string(limits::request_bytes) + " bytes");
  auto input = config::schema::compile(text.input);
  if (!input)
    return within(text.name + "'s input", input.error());
  auto output = config::schema::compile(text.output);
  if (!output)
    return within(text.name + "'s output", output.error());
  if (const auto fine = normalise_examples(text, *input, *output); !fine)
    return tl::unexpected(fine.error());
  return signature(std::move(text), std::move(*input), std::move(*output));
}

std::string signature::title() const { return text_.name + "@" + std::to_string(text_.version); }

result<std::vector<chat_message>> signature::render(const json& input) const {
  if (const auto broken = input_.check(input))
    return fail(fault::invalid, "the input of " + title() + " breaks its schema: " + broken->sentence);
  std::string question = dump_json(input);
  if (question.size() > limits::request_bytes)
    return fail(fault::invalid, "the input of " + title() + " has " + std::to_string(question.size()) +
                                    " bytes; " + std::to_string(limits::request_bytes) + " are allowed");
  std::vector<chat_message> messages;
  messages.push_back(
      {chat_role::system, text_.instructions +
                              "\n\nThe user sends the input as JSON. Answer with one JSON document "
                              "and nothing else: no explanation, no code fence. It must fit this "
                              "JSON Schema:\n" +
                              output_.text()});
  for (const auto& example : text_.examples) {
    messages.push_back({chat_role::user, example.input});
    messages.push_back({chat_role::assistant, example.output});
  }
  messages.push_back({chat_role::user, std::move(question)});
  return messages;
}

answer_format signature::format() const {
  std::string name = text_.name;
  std::replace(name.begin(), name.end(), '.', '_'); // dots are not allowed in the name of a response format
  return {std::move(name), output_.text()};
}

} // namespace troupe::models
