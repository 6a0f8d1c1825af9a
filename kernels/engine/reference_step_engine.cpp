#include "kernels/engine/reference_step_engine.hpp"

#include <algorithm>

namespace troupe::kernels {

namespace {

void append(activations& to, std::size_t& at, const activations& from, std::size_t first) {
  for (auto row = first; row < from.rows(); ++row)
    std::ranges::copy(from.row(row), to.row(at++).begin());
}

} // namespace

reference_step_engine::reference_step_engine(std::shared_ptr<const model_weights> model, std::uint32_t pages)
    : reference_(std::move(model))
    , pages_(pages) {
  const auto& shape = reference_.model().shape;
  const auto floats = std::size_t{pages} * page_positions * shape.kv_width();
  layers_.assign(shape.layers, layer{std::vector<float>(floats), std::vector<float>(floats)});
}

result<step_output> reference_step_engine::step(std::span<const token_run> runs) {
  if (const auto sound = check(runs); !sound)
    return fail(sound);
  std::vector<sequence> texts;
  texts.reserve(runs.size());
  std::vector<kernels::step> batch;
  for (const auto& run : runs) {
    texts.push_back(text_of(run));
    batch.push_back({&texts.back(), run.tokens, run.logits == wanted_logits::every, run.hidden});
  }
  const auto results = reference_.forward_whole(batch);
  if (!results)
    return fail(results);
  for (std::size_t i = 0; i < runs.size(); ++i)
    store(runs[i], texts[i]);
  return gathered(runs, *results);
}

result<done> reference_step_engine::check(std::span<const token_run> runs) const {
  for (const auto& run : runs) {
    const auto positions = std::uint64_t{run.position} + run.tokens.size();
    if (run.pages.size() * std::uint64_t{page_positions} < positions)
      return fail(fault::invalid, std::to_string(run.pages.size()) + " pages do not hold " +
                                      std::to_string(positions) + " positions");
    const auto beyond = std::ranges::find_if(run.pages, [this](page_id page) { return page >= pages_; });
    if (beyond != run.pages.end())
      return fail(fault::invalid,
                  "there is no page " + std::to_string(*beyond) + " of " + std::to_string(pages_));
    if (positions > model().shape.context) // before anything is copied; the reference would say the same
      return fail(fault::invalid, std::to_string(positions) + " tokens do not fit the model's context of " +
                                      std::to_string(model().shape.context));
  }
  return done{};
}

std::size_t reference_step_engine::place_of(const token_run& run, std::uint32_t position) const {
  const auto page = std::size_t{run.pages[position / page_positions]};
  return (page * page_positions + position % page_positions) * model().shape.kv_width();
}

sequence reference_step_engine::text_of(const token_run& run) const {
  const auto width = model().shape.kv_width();
  sequence text(model().shape, std::shared_ptr<const adapter>(std::shared_ptr<void>(), run.with));
  for (std::size_t index = 0; index < layers_.size(); ++index) {
    auto& cache = text.cache.at(index);
    for (std::uint32_t position = 0; position < run.position; ++position) {
      const auto place = place_of(run, position);
      const auto keys = std::span(layers_[index].keys).subspan(place, width);
      const auto values = std::span(layers_[index].values).subspan(place, width);
      cache.keys.insert(cache.keys.end(), keys.begin(), keys.end());
      cache.values.insert(cache.values.end(), values.begin(), values.end());
    }
  }
  text.cache.advance(run.position);
  return text;
}

void reference_step_engine::store(const token_run& run, sequence& text) {
  const auto width = model().shape.kv_width();
  for (std::size_t index = 0; index < layers_.size(); ++index)
    for (auto position = run.position; position < text.cache.positions(); ++position) {
      const auto from = std::size_t{position} * width;
      const auto place = static_cast<std::ptrdiff_t>(place_of(run, position));
      const auto& cache = text.cache.at(index);
      std::ranges::copy(std::span(cache.keys).subspan(from, width), layers_[index].keys.begin() + place);
      std::ranges::copy(std::span(cache.values).subspan(from, width), layers_[index].values.begin() + place);
    }
}

step_output reference_step_engine::gathered(std::span<const token_run> runs,
                                            const std::vector<step_result>& results) const {
  std::size_t logits = 0;
  std::size_t hidden = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    logits += runs[i].logits == wanted_logits::none ? 0 : results[i].logits.rows();
    hidden += results[i].hidden.rows();
  }
  step_output out{activations(logits, model().shape.vocabulary), activations(hidden, model().shape.width)};
  std::size_t logits_at = 0;
  std::size_t hidden_at = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto rows = results[i].logits.rows();
    append(out.logits, logits_at, results[i].logits, runs[i].logits == wanted_logits::none ? rows : 0);
    append(out.hidden, hidden_at, results[i].hidden, 0);
  }
  return out;
}

} // namespace troupe::kernels
