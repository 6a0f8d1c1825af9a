#include "kernels/engine/serving_engine.hpp"

#include "kernels/engine/pass.hpp"
#include "kernels/model/memory.hpp"

#include <algorithm>
#include <optional>
#include <thread>
#include <vector>

namespace troupe::kernels {

struct serving_engine::state {
  state(std::shared_ptr<const model_weights> of, const serving_settings& settings)
      : model(std::move(of))
      , kernels(kernels_of(settings.set))
      , team(settings.threads)
      , packed(*model, team)
      , multiply(kernels, team)
      , cache(model->shape, settings.pages)
      , room(model->shape, packed)
      , adapters(model->shape)
      , frequencies(rope_frequencies(model->shape.rope))
      , context{*model, packed, kernels, team, multiply, cache, room, frequencies} {}

  result<done> check(const token_run& run) const;
  result<std::vector<const packed_adapter*>> prepare(std::span<const token_run> runs);
  step_output room_for(std::span<const token_run> runs) const;

  std::shared_ptr<const model_weights> model;
  const kernel_table& kernels;
  thread_team team;
  packed_model packed;
  multiplier multiply;
  kv_pages cache;
  pass_buffers room;
  adapter_cache adapters;
  std::vector<float> frequencies;
  pass_context context;
};

namespace {

std::size_t logits_wanted(const token_run& run) {
  return run.logits == wanted_logits::none ? 0 : run.logits == wanted_logits::last ? 1 : run.tokens.size();
}

/// Cuts the runs, those of an adapter side by side, into passes of rows.
class pass_planner {
public:
  pass_planner(std::span<const token_run> runs, std::span<const packed_adapter* const> with)
      : runs_(runs) {
    for (std::size_t i = 0, logits = 0, hidden = 0; i < runs.size(); ++i) {
      places_.push_back({&runs[i], with[i], 0, 0, 0, logits, hidden});
      logits += logits_wanted(runs[i]);
      hidden += runs[i].hidden ? runs[i].tokens.size() : 0;
    }
    std::ranges::stable_sort(places_, std::less<>(), &run_part::with);
  }

  /// Empty when all is done.
  std::vector<run_part> next() {
    std::vector<run_part> parts;
    std::size_t rows = 0;
    while (at_ < places_.size() && rows < pass_rows_max) {
      auto& left = places_[at_];
      const auto count = std::min(pass_rows_max - rows, left.run->tokens.size() - left.first);
      parts.push_back(left);
      parts.back().begin = rows;
      parts.back().end = rows += count;
      left.first += count;
      left.logits_at += left.run->logits == wanted_logits::every ? count : 0;
      left.hidden_at += left.run->hidden ? count : 0;
      if (left.first == left.run->tokens.size())
        ++at_;
    }
    return parts;
  }

private:
  std::span<const token_run> runs_;
  std::vector<run_part> places_; // what is left of each run
  std::size_t at_ = 0;
};

} // namespace

result<done> serving_engine::state::check(const token_run& run) const {
  const auto& shape = model->shape;
  if (run.tokens.empty())
    return fail(fault::invalid, "a text without tokens has no next one", "give at least one token");
  for (const auto id : run.tokens)
    if (id < 0 || static_cast<std::uint32_t>(id) >= shape.vocabulary)
      return fail(fault::invalid, "token " + std::to_string(id) + " is outside the vocabulary of " +
                                      std::to_string(shape.vocabulary));
  const auto length = std::uint64_t{run.position} + run.tokens.size();
  if (length > shape.context)
    return fail(fault::invalid, std::to_string(length) + " tokens do not fit the model's context of " +
                                    std::to_string(shape.context));
  if (run.pages.size() * page_positions < length)
    return fail(fault::invalid,
                std::to_string(length) + " tokens do not fit " + std::to_string(run.pages.size()) + " pages");
  for (const auto page : run.pages)
    if (page >= cache.count())
      return fail(fault::invalid,
                  "page " + std::to_string(page) + " is none of the " + std::to_string(cache.count()));
  return done{};
}

result<std::vector<const packed_adapter*>> serving_engine::state::prepare(std::span<const token_run> runs) {
  adapters.drop_dead();
  std::vector<const packed_adapter*> with;
  for (const auto& run : runs) {
    if (const auto sound = check(run); !sound)
      return fail(sound);
    with.push_back(nullptr);
    if (!run.with)
      continue;
    const auto packed_form = adapters.packed(*run.with);
    if (!packed_form)
      return fail(packed_form);
    with.back() = *packed_form;
  }
  return with;
}

step_output serving_engine::state::room_for(std::span<const token_run> runs) const {
  std::size_t logits = 0, hidden = 0;
  for (const auto& run : runs) {
    logits += logits_wanted(run);
    hidden += run.hidden ? run.tokens.size() : 0;
  }
  return {activations(logits, model->shape.vocabulary), activations(hidden, model->shape.width)};
}

serving_settings settings_here(std::uint32_t pages) {
  return {pages, std::max(1u, std::thread::hardware_concurrency()), available_instruction_sets().back()};
}

result<std::unique_ptr<serving_engine>> serving_engine::create(std::shared_ptr<const model_weights> model,
                                                               const serving_settings& settings) {
  const auto& shape = model->shape;
  if (shape.head_size > attention_tile::head_size_max)
    return fail(fault::refused, model->name + ": heads of " + std::to_string(shape.head_size) +
                                    " numbers; the quick kernels take at most " +
                                    std::to_string(attention_tile::head_size_max));
  const memory_need need{model->stored_bytes(), kv_pages::bytes_of(shape, settings.pages), 0};
  if (const auto available = available_memory(); available)
    if (const auto fits = check_fits(need, *available); !fits)
      return fail(fits);
  return std::unique_ptr<serving_engine>(
      new serving_engine(std::make_unique<state>(std::move(model), settings)));
}

serving_engine::serving_engine(std::unique_ptr<state> all)
    : all_(std::move(all)) {}
serving_engine::~serving_engine() = default;

const model_weights& serving_engine::model() const { return *all_->model; }
std::uint32_t serving_engine::page_count() const { return all_->cache.count(); }
std::uint64_t serving_engine::weight_bytes() const noexcept { return all_->packed.bytes(); }
std::size_t serving_engine::adapters_packed() const noexcept { return all_->adapters.size(); }

result<step_output> serving_engine::step(std::span<const token_run> runs) {
  const auto with = all_->prepare(runs);
  if (!with)
    return fail(with);
  auto out = all_->room_for(runs);
  pass_planner plan(runs, *with);
  for (auto parts = plan.next(); !parts.empty(); parts = plan.next())
    serving_pass(all_->context, parts).run(out);
  return out;
}

} // namespace troupe::kernels
