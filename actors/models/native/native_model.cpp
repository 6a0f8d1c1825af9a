#include "actors/models/native/native_model.hpp"

#include "kernels/chat/json.hpp"
#include "kernels/tokenizer/read.hpp"

#include <algorithm>
#include <array>

namespace troupe::models {

namespace chat = kernels::chat;

namespace {

// Models end a turn with one of these, and their configs often name only the end of a text.
constexpr std::array<std::string_view, 7> turn_end_names{
    "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>"};

// For models that say nothing about conversations.
constexpr std::string_view plain_template =
    "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant:{% endif %}";

template<class T>
tl::unexpected<error> failed(const kernels::result<T>& from) {
  return tl::unexpected(from_kernels(from.error()));
}

std::vector<kernels::token_id> turn_ends_of(const kernels::tokenizer& words) {
  std::vector<kernels::token_id> ends;
  if (words.eos())
    ends.push_back(*words.eos());
  for (const auto name : turn_end_names)
    if (const auto token = words.find(name); token && words.is_special(*token))
      ends.push_back(*token);
  return ends;
}

} // namespace

error from_kernels(const kernels::error& why) {
  const auto what = [&] {
    switch (why.what) {
    case kernels::fault::not_found:
      return fault::not_found;
    case kernels::fault::unavailable:
      return fault::unavailable;
    case kernels::fault::refused:
      return fault::refused;
    case kernels::fault::corrupt:
      return fault::corrupt;
    case kernels::fault::invalid:
      break;
    }
    return fault::invalid;
  }();
  return {what, why.message, why.hint};
}

native_model::native_model(std::shared_ptr<const kernels::model_weights> weights, kernels::tokenizer words)
    : weights_(std::move(weights))
    , words_(std::move(words))
    , turn_ends_(turn_ends_of(words_)) {}

result<std::unique_ptr<native_model>> native_model::open(const std::string& path) {
  auto weights = kernels::load_model(path);
  if (!weights)
    return failed(weights);
  auto words = kernels::open_tokenizer(path);
  if (!words)
    return failed(words);
  std::unique_ptr<native_model> made(new native_model(
      std::make_shared<const kernels::model_weights>(std::move(*weights)), std::move(*words)));
  auto how = chat::open_model_template(path);
  if (!how && how.error().what != kernels::fault::not_found)
    return failed(how);
  if (how)
    made->how_ = std::move(*how);
  auto parsed = chat::chat_template::parse(how ? std::string_view(made->how_.source) : plain_template);
  if (!parsed)
    return failed(parsed);
  made->template_ = std::move(*parsed);
  made->tools_ = tool_style_of(made->how_.source);
  return made;
}

result<std::vector<kernels::token_id>> native_model::tokens_of(std::string_view text) const {
  auto tokens = words_.encode(text, {.special = words_.special_in_text(), .bos = words_.adds_bos()});
  if (!tokens)
    return failed(tokens);
  return std::move(*tokens);
}

result<std::string> native_model::rendered(const conversation& talk, const std::tm& now) const {
  auto messages = chat::read_json(talk.messages);
  if (!messages)
    return failed(messages);
  chat::mapping variables;
  variables.set("messages", std::move(*messages));
  variables.set("tools", {});
  if (!talk.tools.empty()) {
    auto tools = chat::read_json(talk.tools);
    if (!tools)
      return failed(tools);
    variables.set("tools", std::move(*tools));
  }
  variables.set("documents", {});
  variables.set("add_generation_prompt", true);
  variables.set("bos_token", how_.bos);
  variables.set("eos_token", how_.eos);
  auto text = template_->render(chat::make_mapping(std::move(variables)), &now);
  if (!text)
    return failed(text);
  return std::move(*text);
}

result<std::vector<kernels::token_id>> native_model::tokens_of(const conversation& talk,
                                                               const std::tm& now) const {
  const auto text = rendered(talk, now);
  if (!text)
    return tl::unexpected(text.error());
  // Most templates write BOS themselves.
  const bool has_begin = !how_.bos.empty() && text->starts_with(how_.bos);
  auto tokens = words_.encode(*text + talk.begin, {.special = true, .bos = words_.adds_bos() && !has_begin});
  if (!tokens)
    return failed(tokens);
  return std::move(*tokens);
}

} // namespace troupe::models
