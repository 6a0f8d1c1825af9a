// Who takes part in the next step: the half of the scheduler that decides.
#include "kernels/serving/scheduler.hpp"

#include <algorithm>

namespace troupe::kernels {

/// The order in which texts get what there is: priority, then tenants that have had the least, then age.
bool scheduler::goes_before(const live_text& a, const live_text& b) const {
  if (a.asked().priority != b.asked().priority)
    return a.asked().priority > b.asked().priority;
  const auto a_served = tenants_.of(a.asked().tenant);
  const auto b_served = tenants_.of(b.asked().tenant);
  if (a_served != b_served)
    return a_served < b_served;
  return a.id() < b.id();
}

/// Texts that make tokens first: each of them takes one. What is left of the step goes to prompts.
void scheduler::plan() {
  plan_.clear();
  budget_ = limits_.step_tokens_max;
  plan_running(false);
  plan_running(true);
  admit();
}

void scheduler::plan_running(bool prefill) {
  std::vector<live_text*> order;
  for (const auto& text : running_)
    if ((text->pending() > 1) == prefill)
      order.push_back(text.get());
  std::ranges::sort(order, [this](const auto* a, const auto* b) { return goes_before(*a, *b); });
  for (auto* text : order) {
    const bool still_runs =
        std::ranges::any_of(running_, [text](const text_ptr& one) { return one.get() == text; });
    const auto count = std::min(still_runs ? text->pending() : 0, budget_);
    if (count == 0 || !take_pages(*text, count))
      continue;
    plan_.push_back({text, count});
    budget_ -= count;
  }
}

void scheduler::admit() {
  std::vector<const live_text*> passed; // cannot begin in this step
  while (budget_ > 0 && passed.size() < limits_.texts_max) {
    auto* text = next_candidate(passed);
    if (text == nullptr)
      return;
    if (!has_adapter(*text) || waits_for_twin(*text)) {
      passed.push_back(text);
      continue;
    }
    make_slot(*text);
    if (running_.size() >= limits_.texts_max)
      return;
    if (!fits(*text)) // smaller ones behind it wait too, or it would never come in
      return;
    begin(*text);
    const auto count = std::min(text->pending(), budget_);
    if (!take_pages(*text, count))
      return;
    plan_.push_back({text, count});
    budget_ -= count;
  }
}

live_text* scheduler::next_candidate(std::vector<const live_text*>& passed) const {
  live_text* first = nullptr;
  for (const auto& text : waiting_)
    if (!text->is_over() && std::ranges::find(passed, text.get()) == passed.end() &&
        (first == nullptr || goes_before(*text, *first)))
      first = text.get();
  return first;
}

/// Texts keep the version that they began with, also while they are preempted.
bool scheduler::has_adapter(live_text& text) {
  if (text.asked().adapter.empty() || text.with)
    return true;
  auto acquired = adapters_.acquire(text.asked().adapter);
  if (acquired.what == adapter_registry::answer::live)
    text.with = std::move(acquired.held);
  else if (acquired.what != adapter_registry::answer::loading)
    text.finish(text_finish::failed, acquired.problem);
  return acquired.what == adapter_registry::answer::live;
}

adapter_key scheduler::key_of(const live_text& text) const {
  return text.with ? text.with->key : adapter_key{};
}

/// Pages it may have in common with others. Its last token is always computed, for its logits, and an
/// embedding needs the states of all.
std::size_t scheduler::shareable_pages(const live_text& text) const {
  if (!limits_.share_prefixes || text.asked().embed)
    return 0;
  return (text.tokens().size() - 1) / page_positions;
}

/// Room for all its tokens and one more, beside what texts under way still need for theirs.
bool scheduler::fits(const live_text& text) const {
  if (running_.empty())
    return true;
  const auto pages_of = [](const live_text& one) { return one.tokens().size() / page_positions + 1; };
  auto needed = pages_of(text) - prefixes_.known(key_of(text), text.tokens(), shareable_pages(text)).held;
  for (const auto& other : running_)
    needed += pages_of(*other) - std::min(pages_of(*other), other->pages.size());
  return needed <= pool_.left() + prefixes_.droppable();
}

/// Whether a text under way is computing pages that this one could use: then it waits for them.
bool scheduler::waits_for_twin(const live_text& text) const {
  const auto key = key_of(text);
  const auto usable = shareable_pages(text);
  const auto known = prefixes_.known(key, text.tokens(), usable).all;
  return usable > known && std::ranges::any_of(running_, [&](const text_ptr& other) {
           if (key_of(*other) != key || other->asked().embed)
             return false;
           const auto same =
               std::ranges::mismatch(text.tokens(), other->tokens()).in1 - text.tokens().begin();
           const auto shared = std::min<std::size_t>(usable, static_cast<std::size_t>(same) / page_positions);
           return shared > known && shared * page_positions > other->computed;
         });
}

/// A full batch makes room for a higher priority, and for a tenant that has nothing in it while another has
/// several texts.
void scheduler::make_slot(const live_text& newcomer) {
  if (running_.size() < limits_.texts_max)
    return;
  auto* last = victim();
  const auto texts_of = [this](const std::string& tenant) {
    return std::ranges::count_if(running_,
                                 [&](const text_ptr& one) { return one->asked().tenant == tenant; });
  };
  const bool outranked = last->asked().priority < newcomer.asked().priority;
  const bool crowded = last->asked().priority == newcomer.asked().priority &&
                       texts_of(newcomer.asked().tenant) == 0 && texts_of(last->asked().tenant) > 1;
  if (outranked || crowded)
    preempt(*last);
}

void scheduler::begin(live_text& text) {
  const auto at = std::ranges::find_if(waiting_, [&](const text_ptr& one) { return one.get() == &text; });
  running_.push_back(std::move(*at));
  waiting_.erase(at);
  if (!limits_.share_prefixes)
    return;
  auto begun = prefixes_.find(key_of(text), text.tokens(), shareable_pages(text));
  text.known = begun.at;
  text.pages = std::move(begun.pages);
  text.known_pages = static_cast<std::uint32_t>(text.pages.size());
  text.computed = text.known_pages * page_positions;
  if (text.usage.completion == 0) {
    text.usage.cached = std::min(text.computed, text.usage.prompt);
    counters_.cached_tokens += text.usage.cached;
  }
}

bool scheduler::take_pages(live_text& text, std::uint32_t count) {
  const auto needed = (text.computed + count + page_positions - 1) / page_positions;
  while (text.pages.size() < needed) {
    if (const auto page = pool_.take()) {
      text.pages.push_back(*page);
      continue;
    }
    if (prefixes_.drop_oldest())
      continue;
    auto* last = victim();
    preempt(*last);
    if (last == &text)
      return false;
  }
  return true;
}

/// Who gives way: the lowest priority, then the tenant that has had the most, of whom the youngest. The
/// oldest text of the least served never gives way, so somebody always goes on.
live_text* scheduler::victim() const {
  live_text* last = nullptr;
  for (const auto& text : running_)
    if (last == nullptr || goes_before(*last, *text))
      last = text.get();
  return last;
}

/// Its pages go, its tokens stay: they are computed again, to the same figures.
void scheduler::preempt(live_text& text) {
  ++counters_.preemptions;
  std::erase_if(plan_, [&](const part& one) { return one.of == &text; });
  give_back(text);
  if (text.asked().embed)
    text.forget_hidden();
  const auto at = std::ranges::find_if(running_, [&](const text_ptr& one) { return one.get() == &text; });
  waiting_.push_front(std::move(*at));
  running_.erase(at);
}

void scheduler::give_back(live_text& text) {
  for (const auto page : text.pages)
    pool_.release(page);
  text.pages.clear();
  text.computed = 0;
  text.known = 0;
  text.known_pages = 0;
}

} // namespace troupe::kernels
