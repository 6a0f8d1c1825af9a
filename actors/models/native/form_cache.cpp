#include "actors/models/native/form_cache.hpp"

#include "actors/models/native/native_model.hpp"

#include <algorithm>

namespace troupe::models {

namespace grammar = kernels::grammar;

namespace {

grammar::grammar_options options_for(json_blanks blanks) {
  return {.white_space = blanks == json_blanks::one ? 1u : 0u, .exponents = true, .needless_escapes = false};
}

error refusal(const kernels::error& why) {
  auto ours = from_kernels(why);
  if (ours.hint.empty())
    ours.hint = "a model of the node's own is held to its schema exactly, so only what can be enforced may "
                "stand in it: docs/constrained-output.md lists that";
  return ours;
}

} // namespace

form_cache::form_cache(const kernels::tokenizer& words, form_limits limits)
    : words_(words)
    , limits_(limits)
    , tokens_(grammar::token_index::of(words)) {}

result<std::unique_ptr<kernels::token_constraint>> form_cache::json_text(std::string_view schema,
                                                                         json_blanks blanks) {
  key asked{blanks, schema};
  auto form = known(asked);
  if (!form) {
    auto made = grammar::grammar::of_schema(schema, tokens_, options_for(blanks));
    if (!made)
      return tl::unexpected(refusal(made.error()));
    form = std::move(*made);
    keep(std::move(asked), form);
  }
  const auto written_by_the_model = [&words = words_](std::string_view text) {
    auto tokens = words.encode(text, {});
    return tokens ? std::move(*tokens) : std::vector<kernels::token_id>();
  };
  return grammar::grammar::begin(std::move(form), written_by_the_model);
}

form_cache::compiled form_cache::known(const key& asked) {
  const std::lock_guard lock(guard_);
  const auto found = forms_.find(asked);
  if (found == forms_.end())
    return nullptr;
  if (found->second.form->is_worn()) {
    forms_.erase(found); // texts under way keep it
    return nullptr;
  }
  found->second.used = ++asked_;
  return found->second.form;
}

void form_cache::keep(key asked, const compiled& form) {
  const std::lock_guard lock(guard_);
  forms_.insert_or_assign(std::move(asked), entry{form, ++asked_});
  while (forms_.size() > 1 && (forms_.size() > limits_.forms || bytes() > limits_.bytes))
    drop_oldest();
}

void form_cache::drop_oldest() {
  forms_.erase(std::ranges::min_element(
      forms_, {}, [](const auto& one) -> const std::uint64_t& { return one.second.used; }));
}

std::size_t form_cache::bytes() const {
  std::size_t sum = 0;
  for (const auto& [asked, one] : forms_)
    sum += asked.second.size() + one.form->bytes();
  return sum;
}

std::size_t form_cache::size() const {
  const std::lock_guard lock(guard_);
  return forms_.size();
}

} // namespace troupe::models
