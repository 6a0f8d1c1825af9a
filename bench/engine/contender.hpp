#pragma once

#include "kernels/base/result.hpp"
#include "kernels/base/token_id.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace troupe::bench {

/// Whose adapters the texts of a batch have: nobody's, all the same one, each its own.
enum class adapters { none, one, own };

/// An engine with a model and adapters loaded, that can be asked for figures.
class contender {
public:
  virtual ~contender() = default;

  /// Tokens a second of so many texts that go on from 64 tokens each.
  virtual double decode(std::size_t texts, adapters with, std::size_t steps) = 0;
  /// Tokens a second of one prompt.
  virtual double prefill(std::size_t tokens, adapters with) = 0;
  /// At every position of one text, row after row.
  virtual std::vector<float> logits(std::span<const kernels::token_id> tokens, adapters with) = 0;
  virtual double resident_bytes() = 0;
};

struct contender_files {
  std::string model;
  std::vector<std::string> adapters;
};

kernels::result<std::unique_ptr<contender>> our_engine(const contender_files& files, std::size_t threads);

/// llama.cpp in a process of its own, from the folder that peer/install.sh has filled; not_found without it.
kernels::result<std::unique_ptr<contender>> llama_peer(const std::string& folder,
                                                       const contender_files& files, std::size_t threads);

} // namespace troupe::bench
