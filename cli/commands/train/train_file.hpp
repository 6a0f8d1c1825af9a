#pragma once

#include "config/diagnostic/diagnostic.hpp"
#include "config/diagnostic/source.hpp"
#include "kernels/train/job.hpp"

#include <optional>
#include <string>

namespace troupe::cli {

/// What a training file says. Paths are as written there, relative to its folder.
struct train_order {
  std::string model;
  std::string data;
  std::string held_out; // empty: none
  std::string out;
  std::size_t threads = 2;
  kernels::train::job_plan plan;
};

/// Every mistake goes to `found` with its place.
std::optional<train_order> read_train_file(config::source file, config::diagnostics& found);

} // namespace troupe::cli
