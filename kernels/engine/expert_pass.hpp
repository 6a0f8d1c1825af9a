#pragma once

#include "kernels/engine/pass_context.hpp"
#include "kernels/reference/routing.hpp"

#include <span>
#include <vector>

namespace troupe::kernels {

/// The feed-forward part of a layer of experts, added to the hidden rows.
class expert_pass {
public:
  expert_pass(pass_context& context, std::span<const row_group> groups, std::size_t layer, std::size_t rows);

  void run();

private:
  struct span_of_rows {
    std::uint32_t expert;
    std::size_t begin;
    std::size_t end;
  };

  void choose();
  void gather();
  void project_in();
  void project_out();
  void scatter(std::size_t row);
  std::vector<const packed_lora*> gains(std::uint32_t expert, packed_lora packed_ffn_adapter::*which) const;

  pass_context& context_;
  std::span<const row_group> groups_; // of the rows
  std::size_t layer_;
  std::size_t rows_;
  std::vector<std::vector<expert_choice>> choices_; // of each row, in the order of the experts
  std::vector<span_of_rows> spans_;                 // of the pairs of row and expert
  std::vector<std::size_t> row_of_;                 // each pair; none between spans
  std::vector<std::vector<std::size_t>> pairs_;     // of each row
  std::vector<row_group> pair_groups_;
};

} // namespace troupe::kernels
