#include "kernels/train/job.hpp"

#include "kernels/adapters/slots.hpp"
#include "kernels/files/dequantize.hpp"
#include "kernels/files/safetensors.hpp"
#include "kernels/train/loss.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <optional>
#include <random>

namespace troupe::kernels::train {

namespace {

/// The order of an epoch's texts: Fisher and Yates' on bits of our own.
std::vector<std::size_t> order_of(std::uint64_t seed, std::uint64_t epoch, std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 draw(seed * 1'000'003 + epoch);
  for (std::size_t i = count; i-- > 1;)
    std::swap(order[i], order[static_cast<std::size_t>(draw() % (i + 1))]);
  return order;
}

std::size_t scored_tokens(std::span<const example> texts) {
  std::size_t count = 0;
  for (const auto& one : texts)
    count += one.tokens.size() - one.answer;
  return count;
}

tl::unexpected<error> out_of_range(const std::string& what) { return fail(fault::invalid, what); }

template<class T>
tensor_source as_tensor(const std::string& name, dtype type, std::span<const T> values) {
  return {name, type, {values.size()}, [values]() -> result<std::vector<std::byte>> {
            const auto bytes = std::as_bytes(values);
            return std::vector<std::byte>(bytes.begin(), bytes.end());
          }};
}

std::string saved_name(std::size_t set, std::size_t number) {
  return std::array{"value.", "first.", "second."}[set] + std::to_string(number);
}

std::optional<error> take(const tensor_set& file, const std::string& name, std::span<float> into) {
  const auto tensor = file.tensor(name);
  if (!tensor)
    return tensor.error();
  if (tensor->type != dtype::f32 || tensor->elements() != into.size())
    return error{fault::corrupt, file.name + ": " + name + " has another size", {}};
  dequantize(dtype::f32, tensor->bytes, into);
  return std::nullopt;
}

} // namespace

result<done> check_plan(const job_plan& plan) {
  if (plan.epochs == 0 || plan.epochs > 10'000)
    return out_of_range("epochs is a number from 1 to 10000");
  if (plan.batch == 0 || plan.batch > 65'536 || plan.part > plan.batch)
    return out_of_range("batch is a number from 1 to 65536, and a part of it no larger");
  if (!(plan.rate > 0) || plan.rate > 1)
    return out_of_range("rate is a number above 0 and at most 1");
  for (const double share : {plan.warm_up, plan.rate_floor})
    if (!(share >= 0) || share > 1)
      return out_of_range("warm_up and rate_floor are shares from 0 to 1");
  if (!(plan.dropout >= 0) || plan.dropout >= 1)
    return out_of_range("dropout is a share from 0 to below 1");
  if (!(plan.clip > 0))
    return out_of_range("clip is a number above 0");
  return done{};
}

training_job::training_job(std::shared_ptr<const model_weights> model, job_plan plan,
                           std::vector<example> texts, std::shared_ptr<thread_team> team, adapter start)
    : model_(std::move(model))
    , plan_(std::move(plan))
    , texts_(std::move(texts))
    , team_(std::move(team))
    , shape_of_(std::move(start))
    , values_(shape_of_, model_->shape, false)
    , optimizer_(values_, plan_.optimizer)
    , steps_per_epoch_((texts_.size() + plan_.batch - 1) / plan_.batch)
    , schedule_{plan_.rate,
                static_cast<std::uint64_t>(plan_.warm_up *
                                           static_cast<double>(steps_per_epoch_ * plan_.epochs)),
                steps_per_epoch_ * plan_.epochs, plan_.rate_floor}
    , fingerprint_(fingerprint_of()) {}

result<training_job> training_job::begin(std::shared_ptr<const model_weights> model, job_plan plan,
                                         std::vector<example> texts, std::shared_ptr<thread_team> team) {
  if (const auto sound = check_plan(plan); !sound)
    return fail(sound);
  if (texts.empty())
    return fail(fault::invalid, "there is nothing to learn from");
  for (const auto& one : texts)
    if (const auto fits = check_example(one, model->shape); !fits)
      return fail(fits);
  auto start = fresh_adapter("trained", model->shape, plan.with, plan.seed);
  if (!start)
    return fail(start);
  return training_job(std::move(model), std::move(plan), std::move(texts), std::move(team),
                      std::move(*start));
}

std::string training_job::fingerprint_of() const {
  const auto& shape = model_->shape;
  std::string text = std::string(name_of(shape.of)) + " " + std::to_string(shape.layers) + "x" +
                     std::to_string(shape.width) + ", " + std::to_string(texts_.size()) + " texts of " +
                     std::to_string(scored_tokens(texts_)) + " scored tokens, targets";
  for (const auto& target : plan_.with.targets)
    text += " " + target;
  for (const double number :
       {static_cast<double>(plan_.with.rank), plan_.with.alpha, plan_.with.rank_stabilised ? 1.0 : 0.0,
        static_cast<double>(plan_.epochs), static_cast<double>(plan_.batch), static_cast<double>(plan_.part),
        plan_.rate, plan_.warm_up, plan_.rate_floor, plan_.clip, plan_.dropout,
        static_cast<double>(plan_.seed), plan_.optimizer.first_decay, plan_.optimizer.second_decay,
        plan_.optimizer.epsilon, plan_.optimizer.weight_decay})
    text += " " + std::to_string(number);
  return text;
}

std::vector<example> training_job::batch_of(std::uint64_t step) const {
  const auto order = order_of(plan_.seed, step / steps_per_epoch_, texts_.size());
  const auto begin = step % steps_per_epoch_ * plan_.batch;
  std::vector<example> batch;
  for (auto i = begin; i < std::min<std::uint64_t>(begin + plan_.batch, texts_.size()); ++i)
    batch.push_back(texts_[order[i]]);
  return batch;
}

pass_options training_job::options_at(std::uint64_t step) const {
  pass_options options;
  options.drop = {plan_.dropout, plan_.seed, step};
  options.team = team_;
  options.checkpointing = plan_.checkpointing;
  return options;
}

step_report training_job::step() {
  const auto now = at();
  const auto batch = batch_of(now);
  const auto scored = scored_tokens(batch);
  const auto part = plan_.part == 0 ? batch.size() : static_cast<std::size_t>(plan_.part);
  auto gains = values_.zeros();
  step_report report;
  for (std::size_t begin = 0; begin < batch.size(); begin += part) {
    const auto some = std::span(batch).subspan(begin, std::min(part, batch.size() - begin));
    training_pass<float> pass(*model_, &values_, some, options_at(now));
    const auto loss = supervised_loss<float>(pass.forward(), scored);
    pass.backward(loss.slopes, gains);
    report.loss += static_cast<double>(loss.value);
    for (const auto& one : some)
      report.tokens += one.tokens.size();
  }
  report.norm = norm_of(gains);
  report.rate = schedule_.at(now);
  clip(gains, report.norm, plan_.clip);
  optimizer_.step(values_, gains, report.rate);
  report.step = at();
  return report;
}

double training_job::evaluate(std::span<const example> held_out) const {
  pass_options options;
  options.keep_tapes = false;
  options.team = team_;
  double sum = 0;
  for (std::size_t begin = 0; begin < held_out.size(); begin += plan_.batch) {
    const auto some = held_out.subspan(begin, std::min<std::size_t>(plan_.batch, held_out.size() - begin));
    training_pass<float> pass(*model_, &values_, some, options);
    for (const auto& text : pass.forward())
      sum -= static_cast<double>(sum_of<float>(text));
  }
  return sum / static_cast<double>(scored_tokens(held_out));
}

adapter training_job::current() const {
  adapter made = shape_of_;
  values_.write_to(made, model_->shape);
  return made;
}

result<done> training_job::save(const std::string& path) const {
  const std::array step{at()}; // what is written is asked for at the end
  std::vector<tensor_source> tensors{as_tensor<std::uint64_t>("step", dtype::u64, step),
                                     as_tensor<char>("plan", dtype::u8, fingerprint_)};
  parameters<float> values = values_, first = optimizer_.first_moments(),
                    second = optimizer_.second_moments();
  const std::array sets{&values, &first, &second};
  std::size_t number = 0;
  parameters<float>::for_each(sets, [&](std::span<const std::span<float>> same) {
    for (std::size_t s = 0; s < same.size(); ++s)
      tensors.push_back(as_tensor<float>(saved_name(s, number), dtype::f32, same[s]));
    ++number;
  });
  return write_safetensors(path, tensors);
}

result<done> training_job::resume(const std::string& path) {
  const auto file = open_safetensors(path);
  if (!file)
    return fail(file);
  const auto step = file->tensor("step"), plan = file->tensor("plan");
  if (!step || !plan || step->type != dtype::u64 || step->elements() != 1)
    return fail(fault::corrupt, path + " is no checkpoint of a training");
  const std::string made_under(reinterpret_cast<const char*>(plan->bytes.data()), plan->bytes.size());
  if (made_under != fingerprint_)
    return fail(fault::refused, path + " was made under another plan, or with other texts",
                "begin anew in another folder, or put back what was changed");
  std::size_t number = 0;
  std::optional<error> problem;
  const std::array sets{&values_, &optimizer_.first_moments(), &optimizer_.second_moments()};
  parameters<float>::for_each(sets, [&](std::span<const std::span<float>> same) {
    for (std::size_t s = 0; s < same.size() && !problem; ++s)
      problem = take(*file, saved_name(s, number), same[s]);
    ++number;
  });
  if (problem)
    return tl::unexpected(*problem);
  std::uint64_t done_so_far = 0;
  std::memcpy(&done_so_far, step->bytes.data(), sizeof done_so_far);
  if (done_so_far > steps())
    return fail(fault::corrupt, path + " stands behind the last step");
  optimizer_.resume_at(done_so_far);
  return done{};
}

} // namespace troupe::kernels::train
