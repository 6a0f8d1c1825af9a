#include "kernels/golden/golden.hpp"

#include "kernels/adapters/merge.hpp"
#include "kernels/adapters/peft.hpp"
#include "kernels/engine/text_batch.hpp"
#include "kernels/golden/golden_files.hpp"
#include "kernels/golden/golden_training.hpp"
#include "kernels/reference/engine.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

namespace troupe::kernels {

namespace {

// The tolerances of the data's README.
constexpr double logits_allowed_f32 = 3e-5;
constexpr double logits_allowed_serving = 5e-2;

double allowed(precision at) { return at == precision::f32 ? logits_allowed_f32 : logits_allowed_serving; }

struct comparison {
  double share = 0; // the largest difference as a share of the largest golden logit
  double other_next =
      0; // rows whose likeliest token differs though golden's lead exceeds twice the difference
};

double lead_of_first(std::span<const float> logits) {
  float first = -INFINITY, second = -INFINITY;
  for (const float value : logits) {
    second = std::max(second, std::min(first, value));
    first = std::max(first, value);
  }
  return static_cast<double>(first) - static_cast<double>(second);
}

comparison compare(const activations& golden, const activations& ours, std::span<const std::uint64_t> rows) {
  const auto our_row = [&](std::size_t i) {
    return ours.row(rows.empty() ? i : static_cast<std::size_t>(rows[i]));
  };
  double largest = 0;
  double worst = 0;
  for (std::size_t i = 0; i < golden.rows(); ++i)
    for (std::size_t column = 0; column < golden.columns(); ++column) {
      const auto wanted = static_cast<double>(golden.row(i)[column]);
      const auto difference = std::fabs(wanted - static_cast<double>(our_row(i)[column]));
      largest = std::max(largest, std::fabs(wanted));
      worst = std::isnan(difference) ? INFINITY : std::max(worst, difference);
    }
  comparison made{largest > 0 ? worst / largest : worst, 0};
  for (std::size_t i = 0; i < golden.rows(); ++i)
    if (lead_of_first(golden.row(i)) > 2 * worst && most_likely(golden.row(i)) != most_likely(our_row(i)))
      ++made.other_next;
  return made;
}

class case_runner {
public:
  case_runner(std::shared_ptr<const model_weights> model, std::shared_ptr<const adapter> with,
              const golden_files& files, precision at)
      : model_(std::move(model))
      , with_(std::move(with))
      , files_(files)
      , at_(at) {}

  result<std::vector<golden_item>> run() {
    for (const auto& [mode, own] :
         {std::pair<std::string, std::shared_ptr<const adapter>>("base", nullptr), {"adapter", with_}}) {
      if (const auto checked = check_logits(mode, own); !checked)
        return fail(checked);
      if (at_ == precision::serving)
        continue;
      if (const auto checked = check_greedy(reference_engine(model_), mode, own); !checked)
        return fail(checked);
    }
    if (const auto checked = check_merged(); !checked)
      return fail(checked);
    return items_;
  }

private:
  result<comparison> difference(const std::shared_ptr<const model_weights>& model, const std::string& name,
                                std::size_t prompt, const std::shared_ptr<const adapter>& own) const {
    const auto tokens = files_.tokens("prompt." + std::to_string(prompt));
    if (!tokens)
      return fail(tokens);
    const auto golden = files_.logits(name);
    if (!golden)
      return fail(golden);
    const auto ours = logits_of_text(at_, model, *tokens, own);
    if (!ours)
      return fail(ours);
    const auto rows = files_.rows_of(prompt);
    const bool listed = rows.size() == golden->rows() && !rows.empty();
    const bool fits = listed ? std::ranges::max(rows) < tokens->size() : golden->rows() == tokens->size();
    if (!fits || golden->columns() != model_->shape.vocabulary)
      return fail(fault::corrupt, name + " has another shape than its prompt and the model's vocabulary");
    return compare(*golden, *ours,
                   listed ? std::span<const std::uint64_t>(rows) : std::span<const std::uint64_t>());
  }

  result<done> check_logits(const std::string& mode, const std::shared_ptr<const adapter>& own) {
    golden_item item{mode + ".logits", 0, allowed(at_)};
    golden_item next{mode + ".next", 0, 0};
    for (std::size_t prompt = 0; prompt < files_.prompts(); ++prompt) {
      const auto off = difference(model_, item.name + "." + std::to_string(prompt), prompt, own);
      if (!off)
        return fail(off);
      item.worst = std::max(item.worst, off->share);
      next.worst += off->other_next;
    }
    items_.push_back(item);
    if (at_ == precision::serving)
      items_.push_back(next);
    return done{};
  }

  result<done> check_merged() {
    const auto whole = std::make_shared<const model_weights>(merged(*model_, *with_));
    const auto off = difference(whole, "adapter.logits.2", 2, nullptr);
    if (!off)
      return fail(off);
    items_.push_back({"merged.logits", off->share, allowed(at_)});
    return done{};
  }

  /// Token after token from the cache, each the most likely one, through ends of text too.
  result<double> tokens_that_differ(const reference_engine& engine, const std::string& name,
                                    std::size_t prompt, const std::shared_ptr<const adapter>& own) const {
    const auto wanted = files_.tokens(name);
    if (!wanted)
      return fail(wanted);
    auto next = files_.tokens("prompt." + std::to_string(prompt));
    if (!next)
      return fail(next);
    sequence fresh(model_->shape, own);
    double differing = 0;
    for (const auto token : *wanted) {
      const step one{&fresh, *next};
      const auto logits = engine.forward({&one, 1});
      if (!logits)
        return fail(logits);
      *next = {most_likely(logits->front().row(0))};
      differing += next->front() == token ? 0 : 1;
    }
    return differing;
  }

  result<done> check_greedy(const reference_engine& engine, const std::string& mode,
                            const std::shared_ptr<const adapter>& own) {
    golden_item item{mode + ".greedy", 0, 0};
    for (std::size_t prompt = 0; prompt < files_.prompts(); ++prompt) {
      const auto name = item.name + "." + std::to_string(prompt);
      if (!files_.has(name))
        continue;
      const auto differing = tokens_that_differ(engine, name, prompt, own);
      if (!differing)
        return fail(differing);
      item.worst += *differing;
    }
    items_.push_back(item);
    return done{};
  }

  std::shared_ptr<const model_weights> model_;
  std::shared_ptr<const adapter> with_;
  const golden_files& files_;
  precision at_;
  std::vector<golden_item> items_;
};

} // namespace

bool golden_report::met() const noexcept { return std::ranges::all_of(items, &golden_item::met); }

result<golden_report> check_golden_case(const std::string& folder, precision at) {
  const auto place = std::filesystem::path(folder);
  auto model = load_model((place / "model").string());
  if (!model)
    return fail(model);
  const auto config = open_peft_config((place / "adapter").string());
  if (!config)
    return fail(config);
  auto with = load_peft_adapter((place / "adapter").string(), model->shape);
  if (!with)
    return fail(with);
  const auto files = golden_files::open(folder);
  if (!files)
    return fail(files);
  const auto shared = std::make_shared<const model_weights>(std::move(*model));
  const auto own = std::make_shared<const adapter>(std::move(*with));
  auto items = case_runner(shared, own, *files, at).run();
  if (!items)
    return fail_in(folder, items);
  if (at == precision::f32 && files->has("sft.ids.0")) {
    const auto trained = check_golden_training(*shared, *own, *config, *files);
    if (!trained)
      return fail_in(folder, trained);
    items->insert(items->end(), trained->begin(), trained->end());
  }
  const auto name = (place / "").parent_path().filename().string(); // also when the path ends with a slash
  return golden_report{name, *items};
}

} // namespace troupe::kernels
