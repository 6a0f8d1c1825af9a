#include "workflows/graph/svg.hpp"

#include "workflows/graph/icons.hpp"
#include "workflows/graph/layout.hpp"
#include "workflows/graph/svg_text.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

using namespace look;

std::string_view group_of(std::string_view verb) {
  if (verb == "approval" || verb == "decide")
    return "g-person";
  if (verb == "wait" || verb == "receive")
    return "g-time";
  if (verb == "set" || verb == "emit")
    return "g-note";
  if (verb == "fail" || verb == "return" || verb == "break" || verb == "undo")
    return "g-leave";
  return verb == "agent" || verb == "tell" ? "g-ask" : "g-flow";
}

double middle(const box& of) { return of.x + of.width / 2; }
double bottom(const box& of) { return of.y + of.height; }

/// Where a flow reaches a box: an `if` stands above its card.
double top(const box& of) { return of.y; }

class painter {
public:
  std::string paint(const box& whole, const std::string& title) {
    const double width = whole.width + 2 * edge;
    const double height = whole.height + 2 * edge;
    overlaid_ = has_run(whole);
    draw(whole);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"" + number(width) +
           "\" height=\"" + number(height) + "\" viewBox=\"" + number(-edge) + ' ' + number(-edge) + ' ' +
           number(width) + ' ' + number(height) + "\">\n<title>" + xml(title) + "</title>\n<style>" +
           std::string(style_sheet()) +
           "</style>\n<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
           "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" "
           "class=\"arrow\"/></marker></defs>\n<rect "
           "class=\"bg\" x=\"" +
           number(-edge) + "\" y=\"" + number(-edge) + "\" width=\"" + number(width) + "\" height=\"" +
           number(height) + "\"/>\n" + out_ + "</svg>\n";
  }

private:
  static bool has_run(const box& of) {
    return of.run || std::any_of(of.children.begin(), of.children.end(), has_run);
  }

  void rect(std::string_view classes, double x, double y, double width, double height, double round) {
    out_ += "<rect class=\"" + std::string(classes) + "\" x=\"" + number(x) + "\" y=\"" + number(y) +
            "\" width=\"" + number(width) + "\" height=\"" + number(height) + "\" rx=\"" + number(round) +
            "\"/>\n";
  }

  void line(const std::string& path, bool arrow, std::string_view more = "") {
    out_ += "<path class=\"e" + std::string(more) + "\" d=\"" + path + "\"" +
            (arrow ? " marker-end=\"url(#a)\"" : "") + "/>\n";
  }

  static std::string at(double x, double y) { return number(x) + ' ' + number(y); }

  void icon_at(std::string_view verb, double x, double y) {
    out_ += "<rect class=\"" + std::string(group_of(verb)) + "\" x=\"" + number(x) + "\" y=\"" + number(y) +
            "\" width=\"20\" height=\"20\" rx=\"6\"/>\n<path class=\"i\" transform=\"translate(" +
            number(x + 3) + ' ' + number(y + 3) + ") scale(.7)\" d=\"" + std::string(icon_of(verb)) +
            "\"/>\n";
  }

  void badge(const box_run& run, double x, double y) {
    out_ += "<circle class=\"m-" + run.state + "\" cx=\"" + number(x) + "\" cy=\"" + number(y) +
            "\" r=\"8.5\"/>\n<path class=\"i\" transform=\"translate(" + number(x - 8) + ' ' + number(y - 8) +
            ")\" d=\"" + std::string(badge_of(run.state)) + "\"/>\n";
  }

  void draw(const box& of) {
    if (of.form == box_form::sequence)
      return draw_sequence(of);
    const bool dim = overlaid_ && !of.run && of.form != box_form::terminal;
    out_ += std::string("<g") + (dim ? " class=\"dim\"" : "") + ">\n";
    if (!of.path.empty())
      out_ += "<title>" + xml(of.path + (of.run ? ": " + of.run->state : "")) + "</title>\n";
    if (of.form == box_form::columns)
      draw_columns(of);
    else if (of.form == box_form::frame)
      draw_frame(of);
    else
      draw_card(of);
    out_ += "</g>\n";
  }

  void draw_sequence(const box& of) {
    for (std::size_t i = 0; i < of.children.size(); ++i) {
      const auto& child = of.children[i];
      draw(child);
      const bool goes_on = !child.leaves || !child.condition.empty();
      if (i + 1 < of.children.size() && goes_on)
        line('M' + at(middle(child), bottom(child)) + 'L' +
                 at(middle(of.children[i + 1]), top(of.children[i + 1]) - 1),
             true);
    }
  }

  void draw_condition(const box& of) {
    const auto lines = condition_lines(of);
    if (lines.empty())
      return;
    double width = 0;
    for (const auto& text : lines)
      width = std::max(width, text_width(text, face::code, code_size) + 20);
    const double height = condition_height(of);
    rect("pill", middle(of) - width / 2, of.y, width, height + 8, 8);
    for (std::size_t i = 0; i < lines.size(); ++i)
      out_ +=
          text_element(middle(of), of.y + 15 + static_cast<double>(i) * line_height, "c", "middle", lines[i]);
  }

  void draw_card(const box& of) {
    const bool terminal = of.form == box_form::terminal;
    draw_condition(of);
    const double y = of.y + condition_height(of);
    const double height = of.height - condition_height(of);
    rect(terminal ? "end" : "card" + (of.run ? " s-" + of.run->state : ""), of.x, y, of.width, height,
         terminal ? std::min(height / 2, 22.0) : 10);
    const double text_x = of.x + card_padding + (terminal ? 0 : icon + 8);
    const double x = terminal ? middle(of) : text_x;
    const auto* anchor = terminal ? "middle" : "start";
    double base = y + 10 + 13;
    if (!terminal)
      icon_at(of.verb, of.x + card_padding, y + 9);
    const double room = of.width - (text_x - of.x) - card_padding - (of.run ? 22 : 0);
    out_ += text_element(x, base, terminal ? "t et" : "t", anchor,
                         fitted(of.title, face::strong, title_size, room));
    base += 2;
    for (const auto& text : card_lines(of))
      out_ += text_element(x, base += line_height, terminal ? "l el" : "l", anchor, text);
    if (!of.run)
      return;
    badge(*of.run, of.x + of.width - 16, y + 18);
    if (const auto text = run_line(*of.run); !text.empty())
      out_ += text_element(x, base + line_height, "r", anchor, text);
  }

  void draw_head(const box& of) {
    draw_condition(of);
    const double y = of.y + condition_height(of);
    rect("frame" + (of.run ? " s-" + of.run->state : ""), of.x, y, of.width, of.height - condition_height(of),
         14);
    icon_at(of.verb, of.x + card_padding, y + 9);
    const double x = of.x + card_padding + icon + 8;
    double base = y + 10 + 13;
    const double room = of.width - icon - 8 - 2 * card_padding - (of.run ? 26 : 0);
    const auto about = of.run ? run_line(*of.run) : "";
    out_ += text_element(x, base, "t", "start", fitted(of.title, face::strong, title_size, room));
    const double after = x + text_width(of.title, face::strong, title_size) + 10;
    if (!about.empty() && after + text_width(about, face::plain, line_size) < of.x + of.width - 34)
      out_ += text_element(after, base, "r", "start", about);
    for (const auto& text : card_lines(of))
      out_ += text_element(x, base += line_height, "l", "start", text);
    if (of.run)
      badge(*of.run, of.x + of.width - 18, y + 19);
  }

  /// From the frame's upper edge where its head leaves the middle free, else from below the head.
  static double line_from(const box& of, double below_head) {
    double text = text_width(of.title + (of.run ? "   " + run_line(*of.run) : ""), face::strong, title_size);
    for (const auto& line : card_lines(of))
      text = std::max(text, text_width(line, face::plain, line_size));
    const bool free = of.x + card_padding + icon + 8 + text + 10 < middle(of);
    return free ? of.y + condition_height(of) : below_head;
  }

  void draw_frame(const box& of) {
    draw_head(of);
    const auto& inner = of.children.front();
    const double head = of.y + condition_height(of) + head_height(of);
    line('M' + at(middle(inner), line_from(of, head)) + 'V' + number(inner.y - 1), true);
    line('M' + at(middle(inner), bottom(inner)) + 'L' + at(middle(inner), bottom(of)), false);
    if (of.verb == "loop") { // back to the first of its steps
      const double right = of.x + of.width - 9;
      const double low = bottom(inner) + 10;
      line('M' + at(middle(inner), low) + 'H' + number(right) + 'V' + number(head + 4) + 'H' +
               number(middle(inner) + 6),
           true, " maybe");
    }
    draw(inner);
  }

  void draw_columns(const box& of) {
    draw_head(of);
    const double fork_y = of.y + condition_height(of) + head_height(of) + fork / 2;
    const double join_y = bottom(of) - fork / 2;
    draw_split(of, fork_y);
    if (of.merges)
      draw_join(of, join_y);
    for (std::size_t i = 0; i < of.children.size(); ++i) {
      draw(of.children[i]);
      draw_label(of, i, fork_y + fork / 2);
    }
  }

  /// What runs whatever happens hangs on no line.
  static bool apart(const box& of, std::size_t i) { return of.verb == "try" && of.labels[i] == "finally"; }

  static void span(const box& of, double& from, double& to, bool joins) {
    for (std::size_t i = 0; i < of.children.size(); ++i)
      if (!apart(of, i) && !(joins && of.children[i].leaves)) {
        from = std::min(from, middle(of.children[i]));
        to = std::max(to, middle(of.children[i]));
      }
  }

  void draw_split(const box& of, double y) {
    double from = middle(of);
    double to = middle(of);
    span(of, from, to, false);
    line('M' + at(middle(of), line_from(of, y - fork / 2)) + 'V' + number(y), false);
    line('M' + at(from, y) + 'H' + number(to), false);
    for (std::size_t i = 0; i < of.children.size(); ++i)
      if (!apart(of, i))
        line('M' + at(middle(of.children[i]), y) + 'V' + number(top(of.children[i]) - 1), true,
             of.verb == "try" && i > 0 ? " maybe" : "");
  }

  void draw_join(const box& of, double y) {
    double from = middle(of);
    double to = middle(of);
    span(of, from, to, true);
    line('M' + at(from, y) + 'H' + number(to), false);
    line('M' + at(middle(of), y) + 'V' + number(bottom(of)), false);
    for (std::size_t i = 0; i < of.children.size(); ++i)
      if (!apart(of, i) && !of.children[i].leaves)
        line('M' + at(middle(of.children[i]), bottom(of.children[i])) + 'V' + number(y), false);
  }

  void draw_label(const box& of, std::size_t i, double y) {
    const auto lines = label_lines(of, i);
    const bool code = of.code_labels && of.labels[i] != "else";
    double width = 0;
    for (const auto& text : lines)
      width = std::max(width, text_width(text, code ? face::code : face::strong, code_size) + 20);
    const double x = middle(of.children[i]);
    rect(code ? "pill" : "name", x - width / 2, y - 6, width,
         static_cast<double>(lines.size()) * line_height + 6, 8);
    for (std::size_t n = 0; n < lines.size(); ++n)
      out_ +=
          text_element(x, y + 8 + static_cast<double>(n) * line_height, code ? "c" : "b", "middle", lines[n]);
  }

  std::string out_;
  bool overlaid_ = false;
};

} // namespace

std::string render_svg(const box& whole, const std::string& title) { return painter().paint(whole, title); }

} // namespace troupe::workflow
