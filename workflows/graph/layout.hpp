#pragma once

#include "workflows/graph/diagram.hpp"
#include "workflows/graph/measure.hpp"

#include <string>
#include <vector>

namespace troupe::workflow {

/// Sizes of what is drawn, in pixels.
namespace look {
inline constexpr double title_size = 13.5;
inline constexpr double line_size = 11.5;
inline constexpr double code_size = 11;
inline constexpr double line_height = 16;
inline constexpr double card_padding = 12;
inline constexpr double icon = 20;
inline constexpr double card_least = 168;
inline constexpr double card_most = 280;
inline constexpr double gap = 34; // between steps of a sequence: an arrow
inline constexpr double column_gap = 28;
inline constexpr double frame_padding = 20;
inline constexpr double label_height = 20; // of a column's label line
inline constexpr double inset = 24;        // from a frame's head to what it holds
inline constexpr double fork = 22;         // from a frame's head to its columns, and back
inline constexpr double edge = 28;         // around the whole
} // namespace look

/// Gives every box its place: sequences downwards, columns side by side, frames around what they hold. The
/// whole begins at (0, 0).
void lay_out(box& whole);

// What lay_out and the drawing have in common: the texts as they are cut.
std::vector<std::string> card_lines(const box& of);
std::vector<std::string> label_lines(const box& of, std::size_t column);
std::vector<std::string> condition_lines(const box& of);
/// The height above a card or frame that its `if` takes.
double condition_height(const box& of);
/// The head of a frame: title and lines.
double head_height(const box& of);
/// The line below a card about its run.
std::string run_line(const box_run& run);

} // namespace troupe::workflow
