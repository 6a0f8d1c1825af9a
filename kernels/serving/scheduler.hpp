#pragma once

#include "kernels/engine/step_engine.hpp"
#include "kernels/serving/live_text.hpp"
#include "kernels/serving/tenants.hpp"
#include "kernels/threads/side_thread.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace troupe::kernels {

struct scheduler_limits {
  std::uint32_t step_tokens_max = 256; // of one step: long prompts take several, so that others go on
  std::uint32_t texts_max = 32;        // in one step
  std::uint32_t waiting_max = 1'024;
  std::uint32_t text_max = UINT32_MAX; // tokens of one text, if less than the model's context
  bool share_prefixes = true;
};

/// What has happened so far, and how it stands.
struct serving_counters {
  std::uint64_t steps = 0;
  std::uint64_t prompt_tokens = 0;     // asked for
  std::uint64_t cached_tokens = 0;     // of those, known from other texts
  std::uint64_t computed_tokens = 0;   // put through the model, recomputed ones included
  std::uint64_t completion_tokens = 0; // made
  std::uint64_t preemptions = 0;
  std::uint64_t finished = 0;
  std::uint64_t mixed_steps = 0;    // with texts of several adapters, the base model counted as one
  std::uint32_t batch_texts = 0;    // of the last step
  std::uint32_t batch_adapters = 0; // distinct ones of the last step, the base model counted as one
  std::uint32_t batch_adapters_most = 0;
  std::uint32_t running = 0;
  std::uint32_t waiting = 0;
  std::uint32_t pages_free = 0;
  std::uint32_t pages_known = 0; // kept for texts that begin alike
};

/// Continuous batching: texts join and leave the batch at any step. A plain class on one thread (masks of
/// forms are made on another one during a step): the caller brings the time and does the loading of adapters.
/// What a text says depends on its request alone, never on who else is served, on preemption, or on what the
/// cache knew.
class scheduler {
public:
  /// All outlive it. Without a tokenizer there are tokens but no text.
  scheduler(step_engine& engine, const tokenizer* words, adapter_registry& adapters,
            scheduler_limits limits = {});
  ~scheduler();

  /// `invalid` for what could never be answered, a prompt longer than the context first of all; `refused`
  /// when too many wait.
  result<request_id> submit(text_request asked);
  /// Ends it, now; its update comes with the next step. Nothing for requests that are over.
  void cancel(request_id id);

  /// One step of the model for as many texts as fit, and what has come of it.
  std::vector<text_update> step(serving_time now);
  /// Nothing is under way and nothing waits.
  bool is_idle() const;

  /// Tells that a job of the registry has ended.
  void adapter_loaded(const adapter_registry::job& done, result<std::shared_ptr<const adapter>> made);

  serving_counters counters() const;
  /// Prompt and text together, in tokens.
  std::uint32_t text_max() const noexcept;

private:
  using text_ptr = std::unique_ptr<live_text>;
  struct part {
    live_text* of;
    std::uint32_t count;
  };

  result<done> check(const text_request& asked) const;
  void expire(serving_time now);
  void plan();
  void plan_running(bool prefill);
  void admit();
  live_text* next_candidate(std::vector<const live_text*>& passed) const;
  bool has_adapter(live_text& text);
  adapter_key key_of(const live_text& text) const;
  std::size_t shareable_pages(const live_text& text) const;
  bool fits(const live_text& text) const;
  bool waits_for_twin(const live_text& text) const;
  void make_slot(const live_text& newcomer);
  void begin(live_text& text);

  bool take_pages(live_text& text, std::uint32_t count);
  live_text* victim() const;
  void preempt(live_text& text);
  void give_back(live_text& text);

  void run();
  result<done> run_together(std::span<const part> parts);
  void prepare_masks(std::span<const part> parts);
  void advance(const part& one, const step_output& out, std::size_t& logits_at, std::size_t& hidden_at);
  void remember(live_text& text);
  void count_batch();
  std::vector<text_update> collect();
  void leave(live_text& text);
  bool goes_before(const live_text& a, const live_text& b) const;

  step_engine& engine_;
  const tokenizer* words_;
  adapter_registry& adapters_;
  scheduler_limits limits_;
  page_pool pool_;
  prefix_cache prefixes_;
  tenant_shares tenants_;
  std::list<text_ptr> waiting_;
  std::vector<text_ptr> running_;
  std::vector<part> plan_;
  std::uint32_t budget_ = 0;
  request_id last_ = 0;
  serving_counters counters_;
  side_thread beside_;
};

} // namespace troupe::kernels
