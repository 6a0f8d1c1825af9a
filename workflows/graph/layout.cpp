#include "workflows/graph/layout.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::workflow {
namespace {

using namespace look;

constexpr double text_most = card_most - 2 * card_padding - icon - 8;
constexpr double label_most = 230;
constexpr std::size_t lines_most = 6;

double rounded(double n) { return std::ceil(n / 2) * 2; }

double widest(const std::vector<std::string>& lines, face in, double size) {
  double most = 0;
  for (const auto& line : lines)
    most = std::max(most, text_width(line, in, size));
  return most;
}

double label_block(const box& of) {
  std::size_t lines = 0;
  for (std::size_t i = 0; i < of.labels.size(); ++i)
    lines = std::max(lines, label_lines(of, i).size());
  return lines == 0 ? 0 : 14 + static_cast<double>(lines) * line_height;
}

void measure(box& of);

void measure_card(box& of) {
  const auto lines = card_lines(of);
  const auto title = fitted(of.title, face::strong, title_size, text_most);
  double inner = std::max(text_width(title, face::strong, title_size), widest(lines, face::plain, line_size));
  double rows = static_cast<double>(lines.size());
  if (of.run) {
    inner = std::max(inner, text_width(run_line(*of.run), face::plain, line_size));
    rows += run_line(*of.run).empty() ? 0 : 1;
  }
  const double icons = of.form == box_form::terminal ? 0 : icon + 8;
  const double badge = of.run ? 22 : 0;
  of.width = rounded(std::clamp(inner + icons + badge + 2 * card_padding,
                                of.form == box_form::terminal ? 120 : card_least, card_most + badge));
  of.width = std::max(of.width, rounded(widest(condition_lines(of), face::code, code_size) + 40));
  of.height = rounded(2 * 10 + line_height + 2 + rows * line_height + condition_height(of));
}

void measure_sequence(box& of) {
  of.width = 0;
  of.height = 0;
  for (auto& child : of.children) {
    measure(child);
    of.width = std::max(of.width, child.width);
    of.height += child.height;
  }
  of.height += gap * static_cast<double>(of.children.empty() ? 0 : of.children.size() - 1);
}

double head_width(const box& of) {
  const auto lines = card_lines(of);
  const double inner =
      std::max(text_width(of.title, face::strong, title_size), widest(lines, face::plain, line_size));
  return std::min(inner, card_most + 60) + icon + 8 + (of.run ? 26 : 0) + 2 * card_padding;
}

/// Columns that are nearly as wide get one width: the middle one then stands in the middle. What that adds.
double even_out(box& of) {
  constexpr double nearly = 1.6;
  const auto [least, most] = std::minmax_element(
      of.children.begin(), of.children.end(), [](const box& a, const box& b) { return a.width < b.width; });
  const double width = most->width;
  if (width > nearly * least->width)
    return 0;
  double added = 0;
  for (auto& child : of.children) {
    added += width - child.width;
    child.width = width;
  }
  return added;
}

void measure_columns(box& of) {
  double inside = 0;
  double tallest = 0;
  for (std::size_t i = 0; i < of.children.size(); ++i) {
    auto& child = of.children[i];
    measure(child);
    const auto in = of.code_labels && of.labels[i] != "else" ? face::code : face::strong;
    child.width = std::max(child.width, rounded(widest(label_lines(of, i), in, code_size) + 24));
    inside += child.width + (i == 0 ? 0 : column_gap);
    tallest = std::max(tallest, child.height);
  }
  inside += even_out(of);
  of.width = rounded(std::max(inside + 2 * frame_padding, head_width(of)));
  of.height = rounded(condition_height(of) + head_height(of) + fork + label_block(of) + tallest + fork);
}

void measure_frame(box& of) {
  auto& inner = of.children.front();
  measure(inner);
  of.width = rounded(std::max(inner.width + 2 * frame_padding, head_width(of)));
  of.height = rounded(condition_height(of) + head_height(of) + inset + inner.height + frame_padding);
}

void measure(box& of) {
  switch (of.form) {
  case box_form::card:
  case box_form::terminal:
    return measure_card(of);
  case box_form::sequence:
    return measure_sequence(of);
  case box_form::columns:
    return measure_columns(of);
  case box_form::frame:
    return measure_frame(of);
  }
}

void place(box& of, double x, double y);

void place_sequence(box& of) {
  double y = of.y;
  for (auto& child : of.children) {
    place(child, of.x + (of.width - child.width) / 2, y);
    y += child.height + gap;
  }
}

void place_columns(box& of) {
  double inside = -column_gap;
  for (const auto& child : of.children)
    inside += child.width + column_gap;
  double x = of.x + (of.width - inside) / 2;
  const double y = of.y + condition_height(of) + head_height(of) + fork + label_block(of);
  for (auto& child : of.children) {
    place(child, x, y);
    x += child.width + column_gap;
  }
}

void place(box& of, double x, double y) {
  of.x = x;
  of.y = y;
  if (of.form == box_form::sequence)
    return place_sequence(of);
  if (of.form == box_form::columns)
    return place_columns(of);
  if (of.form == box_form::frame) {
    auto& inner = of.children.front();
    place(inner, x + (of.width - inner.width) / 2, y + condition_height(of) + head_height(of) + inset);
  }
}

} // namespace

std::vector<std::string> card_lines(const box& of) {
  const bool frame = of.form == box_form::frame || of.form == box_form::columns;
  std::vector<std::string> all;
  for (const auto& line : of.lines)
    for (auto& part : wrapped(line, face::plain, line_size, frame ? card_most : text_most, 2))
      if (all.size() < lines_most)
        all.push_back(std::move(part));
  return all;
}

std::vector<std::string> label_lines(const box& of, std::size_t column) {
  const bool code = of.code_labels && of.labels[column] != "else";
  return wrapped(of.labels[column], code ? face::code : face::strong, code_size, label_most, 3);
}

std::vector<std::string> condition_lines(const box& of) {
  return of.condition.empty() ? std::vector<std::string>()
                              : wrapped("if " + of.condition, face::code, code_size, label_most, 2);
}

double condition_height(const box& of) {
  const auto lines = condition_lines(of).size();
  return lines == 0 ? 0 : 8 + static_cast<double>(lines) * line_height;
}

double head_height(const box& of) {
  return 10 + line_height + static_cast<double>(card_lines(of).size()) * line_height + 6;
}

std::string run_line(const box_run& run) {
  std::string text;
  const auto add = [&](const std::string& part) {
    text += (text.empty() || part.empty() ? "" : " · ") + part;
  };
  if (run.times > 1)
    add(std::to_string(run.times) + " times");
  if (run.attempts > std::max(run.times, 1U))
    add(std::to_string(run.attempts) + " tries");
  add(run.duration);
  add(run.cost);
  return text;
}

void lay_out(box& whole) {
  measure(whole);
  place(whole, 0, 0);
}

} // namespace troupe::workflow
