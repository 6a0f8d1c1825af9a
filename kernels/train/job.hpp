#pragma once

#include "kernels/adapters/peft_writer.hpp"
#include "kernels/train/optimizer.hpp"
#include "kernels/train/pass.hpp"

#include <memory>
#include <string>
#include <vector>

namespace troupe::kernels::train {

/// What a supervised training does, whatever it learns from.
struct job_plan {
  adapter_plan with;
  std::uint64_t epochs = 1;
  std::uint64_t batch = 8; // texts of one step
  std::uint64_t part = 0;  // of them at a time, which bounds memory; 0: all
  double rate = 2e-4;
  double warm_up = 0.03;   // share of the steps
  double rate_floor = 0.1; // share of the rate at the end
  double clip = 1;
  double dropout = 0;
  bool checkpointing = false;
  std::uint64_t seed = 1;
  adamw_settings optimizer;
};

result<done> check_plan(const job_plan& plan);

struct step_report {
  std::uint64_t step = 0; // done so far
  double loss = 0;
  double norm = 0;
  double rate = 0;
  std::uint64_t tokens = 0;
};

/// A training under way. One step at a time, so that whoever runs it can show progress, save and stop. The
/// same plan, texts, model and threads give the same bits, in one go or with any number of resumptions.
class training_job {
public:
  static result<training_job> begin(std::shared_ptr<const model_weights> model, job_plan plan,
                                    std::vector<example> texts, std::shared_ptr<thread_team> team);

  std::uint64_t steps() const noexcept { return steps_per_epoch_ * plan_.epochs; }
  std::uint64_t steps_per_epoch() const noexcept { return steps_per_epoch_; }
  std::uint64_t at() const noexcept { return optimizer_.steps(); }
  bool is_over() const noexcept { return at() >= steps(); }

  step_report step();
  /// The mean loss over texts that are not learned from.
  double evaluate(std::span<const example> held_out) const;

  adapter current() const;
  /// Where it stands, in one file; `resume` goes on from there.
  result<done> save(const std::string& path) const;
  result<done> resume(const std::string& path);

private:
  training_job(std::shared_ptr<const model_weights> model, job_plan plan, std::vector<example> texts,
               std::shared_ptr<thread_team> team, adapter start);

  std::vector<example> batch_of(std::uint64_t step) const;
  pass_options options_at(std::uint64_t step) const;
  std::string fingerprint_of() const;

  std::shared_ptr<const model_weights> model_;
  job_plan plan_;
  std::vector<example> texts_;
  std::shared_ptr<thread_team> team_;
  adapter shape_of_; // ranks and scales
  parameters<float> values_;
  adamw optimizer_;
  std::uint64_t steps_per_epoch_ = 0;
  rate_schedule schedule_;
  std::string
      fingerprint_; // everything that decides about the numbers: a checkpoint goes on only under the same
};

} // namespace troupe::kernels::train
