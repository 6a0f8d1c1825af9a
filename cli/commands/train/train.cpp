#include "cli/commands/command.hpp"
#include "cli/commands/model/kernel_result.hpp"
#include "cli/commands/train/train_file.hpp"
#include "kernels/base/mapped_file.hpp"
#include "kernels/model/weights.hpp"
#include "kernels/tokenizer/read.hpp"
#include "kernels/train/dataset.hpp"
#include "kernels/train/event_file.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

namespace troupe::cli {

namespace {

namespace train = kernels::train;

struct train_options {
  std::string file;
  bool fresh = false;
};

constexpr std::size_t train_file_max = 1u << 20;

/// What a training needs, loaded.
struct prepared {
  train_order order;
  std::shared_ptr<const kernels::model_weights> model;
  std::vector<train::example> texts;
  std::vector<train::example> held_out;
};

double seconds_now(const invocation& run) {
  return static_cast<double>(to_ms(run.world.clock->now())) / 1000;
}

std::string beside(const std::string& file, const std::string& given) {
  const auto path = std::filesystem::path(given);
  return path.is_absolute() ? given : (std::filesystem::path(file).parent_path() / path).string();
}

result<prepared> prepare(train_order order, const std::string& file) {
  for (auto* path : {&order.model, &order.data, &order.held_out, &order.out})
    if (!path->empty())
      *path = beside(file, *path);
  auto model = kernels::load_model(order.model);
  if (!model)
    return failed(model);
  const auto words = kernels::open_tokenizer(order.model);
  if (!words)
    return failed(words);
  const auto chat = kernels::chat::open_model_template(order.model);
  if (!chat && chat.error().what != kernels::fault::not_found)
    return failed(chat);
  const train::text_reader reader{&*words, chat ? &*chat : nullptr, &model->shape};
  auto texts = train::read_examples(order.data, reader);
  if (!texts)
    return failed(texts);
  std::vector<train::example> held_out;
  if (!order.held_out.empty()) {
    auto read = train::read_examples(order.held_out, reader);
    if (!read)
      return failed(read);
    held_out = std::move(*read);
  }
  return prepared{std::move(order), std::make_shared<const kernels::model_weights>(std::move(*model)),
                  std::move(*texts), std::move(held_out)};
}

/// Progress, curves and files of one run.
class training_run {
public:
  training_run(const invocation& run, const prepared& what, train::training_job& job,
               train::event_file curves)
      : run_(run)
      , what_(what)
      , job_(job)
      , curves_(std::move(curves)) {}

  result<json> run() {
    while (!job_.is_over()) {
      const auto done = job_.step();
      tell(done);
      if (done.step % job_.steps_per_epoch() == 0)
        if (const auto ended = end_epoch(done.step / job_.steps_per_epoch()); !ended)
          return tl::unexpected(ended.error());
      if (!run_.world.pause(std::chrono::milliseconds(0)))
        return stop();
    }
    return summary("completed");
  }

private:
  void tell(const train::step_report& done) {
    last_ = done;
    tokens_ += done.tokens;
    const auto now = seconds_now(run_);
    for (const auto& [tag, value] :
         {std::pair("train/loss", done.loss), {"train/grad_norm", done.norm}, {"train/rate", done.rate}})
      curves_.add(now, done.step, tag, static_cast<float>(value));
    const bool tenth = done.step * 10 / job_.steps() != (done.step - 1) * 10 / job_.steps();
    if (!run_.world.err_is_terminal && !tenth)
      return;
    char line[160];
    std::snprintf(line, sizeof line, "step %llu of %llu  loss %.4f  rate %.1e  %.0f tokens/s",
                  static_cast<unsigned long long>(done.step), static_cast<unsigned long long>(job_.steps()),
                  done.loss, done.rate, static_cast<double>(tokens_) / std::max(now - began_, 1e-3));
    run_.world.err << (run_.world.err_is_terminal ? "\r\033[K" : "") << line
                   << (run_.world.err_is_terminal ? "" : "\n") << std::flush;
  }

  result<bool> end_epoch(std::uint64_t epoch) {
    if (!what_.held_out.empty()) {
      held_out_loss_ = job_.evaluate(what_.held_out);
      curves_.add(seconds_now(run_), last_.step, "held_out/loss", static_cast<float>(*held_out_loss_));
    }
    if (run_.world.err_is_terminal)
      run_.world.err << "\n";
    run_.print().note("epoch " + std::to_string(epoch) + " of " + std::to_string(what_.order.plan.epochs) +
                      (held_out_loss_ ? ": held-out loss " + std::to_string(*held_out_loss_) : ""));
    return save();
  }

  result<bool> save() {
    const auto place = std::filesystem::path(what_.order.out);
    if (const auto written =
            kernels::write_peft_adapter((place / "adapter").string(), job_.current(), what_.model->shape,
                                        what_.order.plan.with, what_.order.model);
        !written)
      return failed(written);
    if (const auto saved = job_.save((place / "checkpoint.safetensors").string()); !saved)
      return failed(saved);
    return true;
  }

  /// The person asked to stop: what is learned is kept.
  result<json> stop() {
    if (const auto saved = save(); !saved)
      return tl::unexpected(saved.error());
    run_.print().note("stopped; the same command goes on from step " + std::to_string(job_.at()));
    return summary("canceled");
  }

  json summary(const char* state) const {
    json told{{"state", state},
              {"adapter", (std::filesystem::path(what_.order.out) / "adapter").string()},
              {"steps", job_.at()}};
    if (last_.step > 0)
      told["loss"] = last_.loss;
    if (held_out_loss_)
      told["held_out_loss"] = *held_out_loss_;
    return told;
  }

  const invocation& run_;
  const prepared& what_;
  train::training_job& job_;
  train::event_file curves_;
  train::step_report last_;
  std::uint64_t tokens_ = 0;
  double began_ = seconds_now(run_);
  std::optional<double> held_out_loss_;
};

result<json> train_as(const invocation& run, const train_options& options, const prepared& what) {
  const auto place = std::filesystem::path(what.order.out);
  std::error_code ignored;
  std::filesystem::create_directories(place, ignored); // said when the first file cannot be written
  auto job = train::training_job::begin(what.model, what.order.plan, what.texts,
                                        std::make_shared<kernels::thread_team>(what.order.threads));
  if (!job)
    return failed(job);
  const auto checkpoint = (place / "checkpoint.safetensors").string();
  if (!options.fresh && std::filesystem::exists(checkpoint)) {
    if (const auto resumed = job->resume(checkpoint); !resumed)
      return failed(resumed);
    run.print().note("going on from step " + std::to_string(job->at()) + " of " +
                     std::to_string(job->steps()) + " (" + checkpoint + ")");
  }
  auto curves = train::event_file::open(what.order.out, seconds_now(run));
  if (!curves)
    return failed(curves);
  return training_run(run, what, *job, std::move(*curves)).run();
}

command_result train_adapter(const invocation& run, const train_options& options) {
  const auto path = run.path(options.file);
  const auto text = kernels::read_text_file(path, train_file_max);
  if (!text)
    return failed(text);
  config::diagnostics found;
  auto order = read_train_file(config::source(options.file, *text), found);
  if (!order) {
    run.print().text(config::render_text(found, 1));
    return exit_code::unmet;
  }
  const auto what = prepare(std::move(*order), path);
  if (!what)
    return tl::unexpected(what.error());
  const auto told = train_as(run, options, *what);
  if (!told)
    return tl::unexpected(told.error());
  auto print = run.print();
  if (print.is_text())
    print.text(told->at("adapter").get<std::string>() + "\n");
  else
    print.document(*told);
  return told->at("state") == "completed" ? exit_code::done : exit_code::failed;
}

} // namespace

void add_train(CLI::App& root, invocation& run) {
  add_command<train_options>(
      root, run, "train", "Train an adapter from a file; the same command again goes on where it stood",
      [](CLI::App& command, train_options& options) {
        command.add_option("FILE", options.file, "model, data, adapter, steps (docs/training.md)")
            ->required();
        command.add_flag("--fresh", options.fresh, "begin anew although there is a checkpoint");
      },
      train_adapter);
}

} // namespace troupe::cli
