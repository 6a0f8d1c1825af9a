#include "cli/commands/command.hpp"
#include "cli/commands/model/kernel_result.hpp"
#include "cli/commands/model/loading.hpp"
#include "cli/commands/model/verbs.hpp"
#include "kernels/engine/text_batch.hpp"
#include "kernels/sampling/sampler.hpp"
#include "kernels/tokenizer/read.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace troupe::cli {

namespace {

struct generate_options {
  std::string model;
  std::vector<std::string> adapters;
  std::vector<std::string> prompts;
  std::vector<std::string> ids;
  std::uint32_t tokens_max = 128;
  kernels::sampling sampling;
  bool ignore_end = false;
  std::string precision = "f32";
};

using tokens = std::vector<kernels::token_id>;

/// One text under way.
struct text {
  std::string adapter;
  tokens prompt;
  tokens made;
  tokens next; // what the model has not seen yet
  std::string finish;
};

/// The prompts as tokens. Those given as ids are taken exactly; text is encoded as the model's tokenizer does
/// it, with BOS if it says so.
result<std::vector<tokens>> read_prompts(const invocation& run, const generate_options& options,
                                         const std::optional<kernels::tokenizer>& words) {
  std::vector<tokens> prompts;
  for (const auto& given : options.ids) {
    auto read = read_tokens(run, given);
    if (!read)
      return tl::unexpected(read.error());
    prompts.push_back(std::move(*read));
  }
  for (const auto& given : options.prompts) {
    const auto text = read_argument(run, given);
    if (!text)
      return tl::unexpected(text.error());
    auto encoded = words->encode(*text, {.special = words->special_in_text(), .bos = words->adds_bos()});
    if (!encoded)
      return failed(encoded);
    prompts.push_back(std::move(*encoded));
  }
  return prompts;
}

/// One for each adapter; one prompt serves all, several are paired by position.
result<std::vector<std::pair<std::string, tokens>>> pair_up(const generate_options& options,
                                                            const std::vector<tokens>& prompts) {
  auto adapters = options.adapters;
  if (adapters.empty())
    adapters.emplace_back("none");
  const auto count = std::max(adapters.size(), prompts.size());
  if ((adapters.size() != 1 && adapters.size() != count) || (prompts.size() != 1 && prompts.size() != count))
    return fail(fault::invalid,
                std::to_string(adapters.size()) + " adapters and " + std::to_string(prompts.size()) +
                    " prompts cannot be paired",
                "give one prompt for all, or one for each adapter");
  std::vector<std::pair<std::string, tokens>> pairs;
  for (std::size_t i = 0; i < count; ++i)
    pairs.emplace_back(adapters[adapters.size() == 1 ? 0 : i], prompts[prompts.size() == 1 ? 0 : i]);
  return pairs;
}

class generation {
public:
  generation(kernels::text_batch& batch, const kernels::model_shape& shape, const generate_options& options,
             std::vector<text>& texts)
      : batch_(batch)
      , shape_(shape)
      , options_(options)
      , texts_(texts) {}

  kernels::result<kernels::done> run() {
    for (auto& one : texts_)
      if (options_.tokens_max == 0)
        one.finish = "length";
    while (std::ranges::any_of(texts_, [](const text& one) { return one.finish.empty(); }))
      if (auto stepped = step(); !stepped)
        return stepped;
    return kernels::done{};
  }

private:
  kernels::result<kernels::done> step() {
    std::vector<kernels::text_batch::next_tokens> open;
    for (std::size_t i = 0; i < texts_.size(); ++i)
      if (texts_[i].finish.empty())
        open.push_back({i, texts_[i].next});
    const auto logits = batch_.step(open);
    if (!logits)
      return kernels::fail(logits);
    for (std::size_t i = 0; i < open.size(); ++i) {
      const auto positions = batch_.positions(open[i].of);
      take(texts_[open[i].of], positions, kernels::draw(options_.sampling, logits->row(i), positions));
    }
    return kernels::done{};
  }

  void take(text& one, std::uint32_t positions, kernels::token_id token) {
    if (!options_.ignore_end &&
        std::ranges::find(shape_.end_tokens, static_cast<std::uint32_t>(token)) != shape_.end_tokens.end()) {
      one.finish = "stop";
      return;
    }
    one.made.push_back(token);
    one.next = {token};
    if (one.made.size() >= options_.tokens_max || positions >= shape_.context)
      one.finish = "length";
  }

  kernels::text_batch& batch_;
  const kernels::model_shape& shape_;
  const generate_options& options_;
  std::vector<text>& texts_;
};

json json_of(const std::vector<text>& texts, const std::optional<kernels::tokenizer>& words) {
  auto sequences = json::array();
  for (const auto& one : texts) {
    sequences.push_back(
        {{"adapter", one.adapter}, {"prompt_ids", one.prompt}, {"ids", one.made}, {"finish", one.finish}});
    if (words)
      sequences.back()["text"] = words->decode(one.made, false);
  }
  return {{"sequences", std::move(sequences)}};
}

/// The text, or the token ids of a model without vocabulary.
std::string text_of(const std::vector<text>& texts, const std::optional<kernels::tokenizer>& words) {
  std::string lines;
  for (const auto& one : texts)
    lines += (words ? harmless(words->decode(one.made, false)) : json(one.made).dump()) + "\n";
  return lines;
}

/// A model runs on ids without a vocabulary; text needs one.
result<std::optional<kernels::tokenizer>> open_words(const invocation& run, const generate_options& options) {
  auto words = kernels::open_tokenizer(run.path(options.model));
  if (words)
    return std::optional(std::move(*words));
  if (options.prompts.empty() && words.error().what != kernels::fault::unavailable)
    return std::optional<kernels::tokenizer>();
  return failed(words);
}

command_result generate(const invocation& run, const generate_options& options) {
  if (options.ids.empty() == options.prompts.empty())
    return fail(fault::invalid, "a text begins with --prompt or with --ids", "give one of the two");
  const auto words = open_words(run, options);
  if (!words)
    return tl::unexpected(words.error());
  const auto prompts = read_prompts(run, options, *words);
  if (!prompts)
    return tl::unexpected(prompts.error());
  const auto pairs = pair_up(options, *prompts);
  if (!pairs)
    return tl::unexpected(pairs.error());
  std::vector<std::string> names;
  std::uint64_t positions = 0;
  for (const auto& [adapter, prompt] : *pairs) {
    names.push_back(adapter);
    positions += prompt.size() + options.tokens_max;
  }
  auto loaded = load(run, options.model, names, positions);
  if (!loaded)
    return tl::unexpected(loaded.error());
  std::vector<text> texts;
  std::vector<kernels::text_batch::room> rooms;
  for (std::size_t i = 0; i < pairs->size(); ++i) {
    const auto& [adapter, prompt] = (*pairs)[i];
    texts.push_back({adapter, prompt, {}, prompt, {}});
    rooms.push_back({loaded->adapters[i], prompt.size() + options.tokens_max});
  }
  auto batch = kernels::text_batch::create(precision_of(options.precision), loaded->model, std::move(rooms));
  if (!batch)
    return failed(batch);
  if (const auto ran = generation(*batch, loaded->model->shape, options, texts).run(); !ran)
    return failed(ran);
  auto print = run.print();
  if (print.is_text())
    print.text(text_of(texts, *words));
  else
    print.document(json_of(texts, *words));
  return exit_code::done;
}

} // namespace

void add_model_generate(CLI::App& group, invocation& run) {
  add_command<generate_options>(
      group, run, "generate", "Go on with a text, one sequence for each adapter, all in one batch",
      [](CLI::App& command, generate_options& options) {
        command.add_option("MODEL", options.model, "GGUF file or Hugging Face folder")->required();
        command
            .add_option("--adapter", options.adapters,
                        "PEFT folder or GGUF LoRA, or none; repeat for more sequences")
            ->expected(1)
            ->take_all();
        command
            .add_option("--ids", options.ids,
                        "the prompt's token ids, taken exactly: 1,2,3 or @FILE; repeat to pair with adapters")
            ->expected(1)
            ->take_all();
        command
            .add_option("--prompt", options.prompts,
                        "the prompt as text, or @FILE; repeat to pair with adapters")
            ->expected(1)
            ->take_all();
        command.add_option("--max", options.tokens_max, "tokens to make at most");
        command.add_option("--temperature", options.sampling.temperature, "0: always the most likely token")
            ->check(CLI::Range(0.0, 100.0));
        command.add_option("--top-k", options.sampling.top_k, "draw among so many; 0: all");
        command.add_option("--top-p", options.sampling.top_p, "draw among those with this share together")
            ->check(CLI::Range(0.0, 1.0));
        command
            .add_option("--min-p", options.sampling.min_p,
                        "leave out those below this share of the likeliest")
            ->check(CLI::Range(0.0, 1.0));
        command.add_option("--seed", options.sampling.seed, "the same seed, the same text");
        command.add_option("--precision", options.precision, "f32 or serving")
            ->check(CLI::IsMember({"f32", "serving"}));
        command.add_flag("--ignore-eos", options.ignore_end, "go on past the end of a text");
      },
      generate);
}

} // namespace troupe::cli
