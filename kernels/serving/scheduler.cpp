#include "kernels/serving/scheduler.hpp"

#include <algorithm>
#include <set>

namespace troupe::kernels {

scheduler::scheduler(step_engine& engine, const tokenizer* words, adapter_registry& adapters,
                     scheduler_limits limits)
    : engine_(engine)
    , words_(words)
    , adapters_(adapters)
    , limits_(limits)
    , pool_(engine.page_count())
    , prefixes_(pool_) {
  ensure(limits.texts_max > 0 && limits.texts_max <= limits.step_tokens_max,
         "a step has room for a token of each text");
}

scheduler::~scheduler() = default;

std::uint32_t scheduler::text_max() const noexcept {
  const auto cached = std::uint64_t{pool_.size()} * page_positions;
  const auto context = std::min(engine_.model().shape.context, limits_.text_max);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(context, cached));
}

result<done> scheduler::check(const text_request& asked) const {
  const auto& shape = engine_.model().shape;
  if (asked.prompt.empty())
    return fail(fault::invalid, "a text needs at least one token to go on with");
  if (asked.prompt.size() > text_max())
    return fail(fault::invalid,
                "the prompt has " + std::to_string(asked.prompt.size()) + " tokens, but the " +
                    (text_max() == std::min(shape.context, limits_.text_max) ? "model's context holds "
                                                                             : "cache holds ") +
                    std::to_string(text_max()),
                "shorten the prompt; nothing is cut");
  const auto foreign = std::ranges::find_if(asked.prompt, [&](token_id token) {
    return token < 0 || static_cast<std::uint32_t>(token) >= shape.vocabulary;
  });
  if (foreign != asked.prompt.end())
    return fail(fault::invalid, "token " + std::to_string(*foreign) + " is outside the vocabulary of " +
                                    std::to_string(shape.vocabulary));
  if (!asked.adapter.empty() && !adapters_.knows(asked.adapter))
    return fail(fault::not_found, "there is no adapter " + asked.adapter);
  if (!asked.stop.empty() && words_ == nullptr)
    return fail(fault::invalid, "stop strings need a model with a vocabulary");
  if (waiting_.size() >= limits_.waiting_max)
    return fail(fault::refused, std::to_string(waiting_.size()) + " requests wait already",
                "try again later");
  return done{};
}

result<request_id> scheduler::submit(text_request asked) {
  if (const auto sound = check(asked); !sound)
    return fail(sound);
  const auto room = text_max() - static_cast<std::uint32_t>(asked.prompt.size());
  const auto tokens_max =
      asked.embed ? 1 : std::min(asked.tokens_max, room + 1); // the last one needs no place
  counters_.prompt_tokens += asked.prompt.size();
  tenants_.came(asked.tenant);
  waiting_.push_back(
      std::make_unique<live_text>(++last_, std::move(asked), words_, engine_.model().shape, tokens_max));
  counters_.completion_tokens += waiting_.back()->usage.completion; // what its form forces at its begin
  return last_;
}

void scheduler::cancel(request_id id) {
  const auto end = [id](auto& texts) {
    for (auto& text : texts)
      if (text->id() == id && !text->is_over())
        text->finish(text_finish::canceled);
  };
  end(waiting_);
  end(running_);
}

void scheduler::expire(serving_time now) {
  const auto end = [now](auto& texts) {
    for (auto& text : texts)
      if (text->asked().deadline <= now && !text->is_over())
        text->finish(text_finish::deadline);
  };
  end(waiting_);
  end(running_);
}

std::vector<text_update> scheduler::step(serving_time now) {
  expire(now);
  auto updates = collect(); // who is over gives its pages back before they are looked for
  plan();
  if (!plan_.empty())
    run();
  auto more = collect();
  std::ranges::move(more, std::back_inserter(updates));
  return updates;
}

bool scheduler::is_idle() const { return running_.empty() && waiting_.empty(); }

void scheduler::run() {
  count_batch();
  if (run_together(plan_))
    return;
  // The engine refuses one of them (an adapter of another shape), and that one alone has to end.
  for (const auto& one : plan_)
    if (const auto ran = run_together({&one, 1}); !ran)
      one.of->finish(text_finish::failed, ran.error().message);
}

result<done> scheduler::run_together(std::span<const part> parts) {
  std::vector<token_run> runs;
  for (const auto& one : parts) {
    const auto& text = *one.of;
    const bool last = one.count == text.pending();
    runs.push_back({.tokens = std::span(text.tokens()).subspan(text.computed, one.count),
                    .position = text.computed,
                    .pages = text.pages,
                    .with = text.with ? text.with->with.get() : nullptr,
                    .logits = last && !text.asked().embed ? wanted_logits::last : wanted_logits::none,
                    .hidden = text.asked().embed});
  }
  prepare_masks(parts);
  const auto out = engine_.step(runs);
  beside_.finish();
  if (!out)
    return fail(out);
  std::size_t logits_at = 0;
  std::size_t hidden_at = 0;
  for (const auto& one : parts)
    advance(one, *out, logits_at, hidden_at);
  return done{};
}

/// What the forms of texts let come next is found out while the model works.
void scheduler::prepare_masks(std::span<const part> parts) {
  std::vector<live_text*> held;
  for (const auto& one : parts)
    if (one.of->asked().constraint && one.count == one.of->pending())
      held.push_back(one.of);
  if (held.empty())
    return;
  beside_.begin([held = std::move(held)] {
    for (auto* text : held)
      text->prepare();
  });
}

void scheduler::advance(const part& one, const step_output& out, std::size_t& logits_at,
                        std::size_t& hidden_at) {
  auto& text = *one.of;
  const bool last = one.count == text.pending();
  text.computed += one.count;
  tenants_.served(text.asked().tenant, one.count);
  remember(text);
  if (text.asked().embed) {
    text.add_hidden(out.hidden, hidden_at, one.count);
    hidden_at += one.count;
    if (last)
      text.finish(text_finish::stop);
  } else if (last) {
    const auto before = text.usage.completion;
    text.go_on(out.logits.row(logits_at++));
    counters_.completion_tokens += text.usage.completion - before;
  }
}

/// Pages that are full now may serve others that begin alike.
void scheduler::remember(live_text& text) {
  if (!limits_.share_prefixes || text.known == 0)
    return;
  for (; (text.known_pages + 1) * page_positions <= text.computed && text.known != 0; ++text.known_pages) {
    const auto tokens = std::span(text.tokens()).subspan(text.known_pages * page_positions, page_positions);
    const auto kept = prefixes_.keep(text.known, tokens, text.pages[text.known_pages]);
    text.pages[text.known_pages] = kept.page;
    text.known = kept.at;
  }
}

void scheduler::count_batch() {
  std::set<adapter_key> distinct;
  std::uint64_t tokens = 0;
  for (const auto& one : plan_) {
    distinct.insert(key_of(*one.of));
    tokens += one.count;
  }
  ++counters_.steps;
  counters_.computed_tokens += tokens;
  counters_.batch_texts = static_cast<std::uint32_t>(plan_.size());
  counters_.batch_adapters = static_cast<std::uint32_t>(distinct.size());
  counters_.batch_adapters_most = std::max(counters_.batch_adapters_most, counters_.batch_adapters);
  counters_.mixed_steps += distinct.size() > 1 ? 1 : 0;
}

std::vector<text_update> scheduler::collect() {
  std::vector<text_update> updates;
  const auto gather = [&](auto& texts) {
    for (auto& text : texts) {
      if (text->has_news())
        updates.push_back(text->take_update());
      if (text->is_over())
        leave(*text);
    }
    std::erase_if(texts, [](const auto& text) { return text->is_over(); });
  };
  gather(running_);
  gather(waiting_);
  return updates;
}

void scheduler::leave(live_text& text) {
  ++counters_.finished;
  tenants_.left(text.asked().tenant);
  give_back(text);
  if (text.with && adapters_.release(text.with->key))
    prefixes_.forget(text.with->key);
  std::erase_if(plan_, [&](const part& one) { return one.of == &text; });
}

void scheduler::adapter_loaded(const adapter_registry::job& done,
                               result<std::shared_ptr<const adapter>> made) {
  for (const auto& key : adapters_.loaded(done, std::move(made)))
    prefixes_.forget(key);
}

serving_counters scheduler::counters() const {
  auto now = counters_;
  now.running = static_cast<std::uint32_t>(running_.size());
  now.waiting = static_cast<std::uint32_t>(waiting_.size());
  now.pages_free = pool_.left();
  now.pages_known = static_cast<std::uint32_t>(prefixes_.pages());
  return now;
}

} // namespace troupe::kernels
