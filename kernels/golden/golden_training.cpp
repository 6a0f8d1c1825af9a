#include "kernels/golden/golden_training.hpp"

#include "kernels/adapters/peft_tensors.hpp"
#include "kernels/train/loss.hpp"
#include "kernels/train/optimizer.hpp"
#include "kernels/train/pass.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::kernels {

namespace {

using namespace train;
using scores = text_scores<float>;

// The tolerances of the data's README.
constexpr double loss_allowed = 1e-4;
constexpr double sum_allowed = 1e-3;
constexpr double gradient_allowed = 1e-4;
constexpr double first_losses_allowed = 2e-4;
constexpr double losses_allowed = 5e-4;
constexpr double norm_allowed = 1e-2;
constexpr double final_allowed = 1e-3;

constexpr std::size_t rows_of_supervised_step = 4;
constexpr std::size_t rows_max = 64;

double distance(double a, double b) {
  const double off = std::fabs(a - b);
  return std::isnan(off) ? INFINITY : off;
}

/// The largest difference as a share of the largest golden number.
double share(std::span<const float> golden, std::span<const float> ours) {
  double largest = 0, worst = golden.size() == ours.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < golden.size() && i < ours.size(); ++i) {
    largest = std::max(largest, std::fabs(static_cast<double>(golden[i])));
    worst = std::max(worst, distance(static_cast<double>(golden[i]), static_cast<double>(ours[i])));
  }
  return largest > 0 ? worst / largest : worst;
}

struct training_runner {
  const model_weights& model;
  const adapter& from;
  const peft_config& config;
  const golden_files& files;
  json_object about;
  std::vector<example> rows;
  std::vector<golden_item> items;

  parameters<float> start() const {
    return parameters<float>(from, model.shape, shares_gate_up(config, model.shape));
  }

  result<done> read_rows();
  result<example> read_example(const std::string& name, std::size_t answer) const;
  scores score(const parameters<float>* with, std::span<const example> batch) const;
  result<done> compare(const std::string& item, const std::string& prefix, const parameters<float>& ours,
                       double allowed);
  result<done> check_supervised();
  result<done> check_preferences();
  result<done> check_steps();
};

result<example> training_runner::read_example(const std::string& name, std::size_t answer) const {
  const auto tokens = files.tokens(name);
  if (!tokens)
    return fail(tokens);
  example made{*tokens, answer};
  if (const auto fits = check_example(made, model.shape); !fits)
    return fail_in(name, fits);
  return made;
}

result<done> training_runner::read_rows() {
  const auto answers = about.counts("sft.answer_start");
  if (!answers)
    return fail(answers);
  for (std::size_t i = 0; i < std::min(answers->size(), rows_max); ++i) {
    auto row = read_example("sft.ids." + std::to_string(i), static_cast<std::size_t>((*answers)[i]));
    if (!row)
      return fail(row);
    rows.push_back(std::move(*row));
  }
  if (rows.size() < rows_of_supervised_step)
    return fail(fault::corrupt, "a golden case has at least four training rows");
  return done{};
}

scores training_runner::score(const parameters<float>* with, std::span<const example> batch) const {
  pass_options options;
  options.keep_tapes = false;
  return training_pass<float>(model, with, batch, options).forward();
}

/// Every tensor of the case whose name begins like that, with the one of ours that PEFT would call so.
result<done> training_runner::compare(const std::string& item, const std::string& prefix,
                                      const parameters<float>& ours, double allowed) {
  adapter shaped = from;
  ours.write_to(shaped, model.shape);
  golden_item made{item, 0, allowed};
  for (const auto& name : files.names_below(prefix)) {
    const auto known = read_peft_name("base_model.model." + name.substr(prefix.size()));
    if (!known)
      return fail(fault::corrupt, "tensor " + name + " is none of an adapter");
    const auto golden = files.numbers(name);
    if (!golden)
      return fail(golden);
    const auto own = peft_matrix_of(shaped, model.shape, config, *known);
    if (!own)
      return fail(own);
    made.worst = std::max(made.worst, share(*golden, own->values));
  }
  items.push_back(made);
  return done{};
}

std::size_t scored_tokens(std::span<const example> batch) {
  std::size_t count = 0;
  for (const auto& one : batch)
    count += one.tokens.size() - one.answer;
  return count;
}

/// The loss of one supervised step; what the adapter would gain is added up.
float supervised_step(const model_weights& model, const parameters<float>& values,
                      std::span<const example> batch, parameters<float>& gains) {
  training_pass<float> pass(model, &values, batch, {});
  const auto loss = supervised_loss<float>(pass.forward(), scored_tokens(batch));
  pass.backward(loss.slopes, gains);
  return loss.value;
}

result<done> training_runner::check_supervised() {
  const auto golden = about.number("sft.loss");
  if (!golden)
    return fail(golden);
  const auto values = start();
  auto gains = values.zeros();
  const auto loss = supervised_step(model, values, std::span(rows).first(rows_of_supervised_step), gains);
  items.push_back({"sft.loss", distance(*golden, static_cast<double>(loss)), loss_allowed});
  return compare("sft.grad", "sft.grad.", gains, gradient_allowed);
}

result<done> training_runner::check_preferences() {
  const auto answer = about.count("pref.answer_start");
  const auto pref = about.object("pref");
  if (!answer || !pref)
    return answer ? fail(pref) : fail(answer);
  const auto chosen = read_example("pref.chosen", static_cast<std::size_t>(*answer));
  const auto rejected = read_example("pref.rejected", static_cast<std::size_t>(*answer));
  const auto beta = pref->number("beta"), kl = pref->number("kto_kl");
  if (!chosen || !rejected)
    return chosen ? fail(rejected) : fail(chosen);
  if (!beta || !kl)
    return beta ? fail(kl) : fail(beta);
  const std::vector<example> pair{*chosen, *rejected};
  const auto values = start();
  const auto reference = score(nullptr, pair);

  golden_item sums{"pref.logp", 0, sum_allowed};
  const auto ours = score(&values, pair);
  for (const auto& [name, sum] : {std::pair("chosen_logp", sum_of<float>(ours[0])),
                                  {"rejected_logp", sum_of<float>(ours[1])},
                                  {"ref_chosen_logp", sum_of<float>(reference[0])},
                                  {"ref_rejected_logp", sum_of<float>(reference[1])}}) {
    const auto golden = pref->number(name);
    if (!golden)
      return fail(golden);
    sums.worst = std::max(sums.worst, distance(*golden, static_cast<double>(sum)));
  }
  items.push_back(sums);

  for (const std::string kind : {"dpo", "kto"}) {
    const auto golden = pref->number(kind + "_loss");
    if (!golden)
      return fail(golden);
    auto gains = values.zeros();
    training_pass<float> pass(model, &values, pair, {});
    const auto made = pass.forward();
    const auto loss = kind == "dpo" ? preference_loss<float>(made, reference, static_cast<float>(*beta))
                                    : thumbs_loss<float>(made, reference, {true, false},
                                                         static_cast<float>(*beta), static_cast<float>(*kl));
    pass.backward(loss.slopes, gains);
    items.push_back({kind + ".loss", distance(*golden, static_cast<double>(loss.value)), loss_allowed});
    if (const auto compared = compare(kind + ".grad", kind + ".grad.", gains, gradient_allowed); !compared)
      return compared;
  }
  return done{};
}

result<done> training_runner::check_steps() {
  constexpr double rate = 5e-3, decay = 0.1, limit = 1.0;
  constexpr std::uint64_t warm_up = 5, first_losses = 10;
  const auto losses = files.doubles("train.loss"), norms = files.doubles("train.grad_norm"),
             rates = files.doubles("train.lr");
  if (!losses || !norms || !rates)
    return fail(!losses ? losses : !norms ? norms : rates);
  const rate_schedule schedule{rate, warm_up, losses->size(), 0};
  auto values = start();
  adamw_settings settings;
  settings.weight_decay = decay;
  adamw optimizer(values, settings);
  golden_item first{"train.first_losses", 0, first_losses_allowed}, all{"train.losses", 0, losses_allowed},
      norm_item{"train.grad_norm", 0, norm_allowed}, rate_item{"train.lr", 0, 1e-12};
  for (std::size_t step = 0; step < losses->size() && step < norms->size() && step < rates->size(); ++step) {
    const std::vector<example> batch{rows[(2 * step) % rows.size()], rows[(2 * step + 1) % rows.size()]};
    auto gains = values.zeros();
    const auto loss = static_cast<double>(supervised_step(model, values, batch, gains));
    const double norm = norm_of(gains);
    clip(gains, norm, limit);
    optimizer.step(values, gains, schedule.at(step));
    auto& of_losses = step < first_losses ? first : all;
    of_losses.worst = std::max(of_losses.worst, distance((*losses)[step], loss));
    norm_item.worst = std::max(norm_item.worst, distance((*norms)[step], norm) / (*norms)[step]);
    rate_item.worst = std::max(rate_item.worst, distance((*rates)[step], schedule.at(step)));
  }
  all.worst = std::max(all.worst, first.worst);
  items.insert(items.end(), {first, all, norm_item, rate_item});
  return compare("train.final", "train.final.", values, final_allowed);
}

} // namespace

result<std::vector<golden_item>> check_golden_training(const model_weights& model, const adapter& from,
                                                       const peft_config& config, const golden_files& files) {
  training_runner runner{model, from, config, files, files.about(), {}, {}};
  if (const auto read = runner.read_rows(); !read)
    return fail(read);
  if (const auto checked = runner.check_supervised(); !checked)
    return fail(checked);
  if (const auto checked = runner.check_preferences(); !checked)
    return fail(checked);
  if (const auto checked = runner.check_steps(); !checked)
    return fail(checked);
  return runner.items;
}

} // namespace troupe::kernels
