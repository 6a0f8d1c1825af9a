#include "workflows/graph/text_graphs.hpp"

#include "runtime/base/object.hpp"
#include "workflows/graph/layout.hpp"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

/// An end of an edge that still has to lead somewhere, with what stands on it.
struct loose_end {
  std::string from;
  std::string label;
};

/// The diagram as nodes, groups and edges. The callbacks write one language.
class walker {
public:
  std::function<void(const std::string& id, const box& of)> node;
  std::function<void(const std::string& id, const box& of)> open;
  std::function<void()> close;
  std::function<void(const std::string& from, const std::string& to, const std::string& label)> edge;

  std::vector<loose_end> walk(const box& of, std::vector<loose_end> from) {
    switch (of.form) {
    case box_form::sequence:
      for (const auto& child : of.children)
        from = walk(child, std::move(from));
      return from;
    case box_form::columns:
      return walk_columns(of, std::move(from));
    case box_form::frame:
      return walk_frame(of, std::move(from));
    default:
      return walk_card(of, std::move(from));
    }
  }

private:
  std::string next() { return "n" + std::to_string(++count_); }

  void lead(const std::vector<loose_end>& from, const std::string& to) {
    for (const auto& end : from)
      edge(end.from, to, end.label);
  }

  std::vector<loose_end> walk_card(const box& of, std::vector<loose_end> from) {
    const auto id = next();
    node(id, of);
    lead(from, id);
    if (of.leaves && of.condition.empty())
      return {};
    return {{id, ""}};
  }

  std::vector<loose_end> walk_frame(const box& of, std::vector<loose_end> from) {
    open(next(), of);
    from = walk(of.children.front(), std::move(from));
    close();
    return from;
  }

  std::vector<loose_end> walk_columns(const box& of, std::vector<loose_end> from) {
    open(next(), of);
    box head = of;
    head.form = box_form::card;
    head.children.clear();
    const auto id = next();
    node(id, head);
    lead(from, id);
    std::vector<loose_end> all;
    for (std::size_t i = 0; i < of.children.size(); ++i) {
      auto ends = walk(of.children[i], {{id, of.labels[i]}});
      all.insert(all.end(), ends.begin(), ends.end());
    }
    close();
    return all;
  }

  std::size_t count_ = 0;
};

std::string text_of(const box& of, const std::string& line_end) {
  std::string text = (of.condition.empty() ? "" : "if " + of.condition + line_end) + of.title;
  for (const auto& line : of.lines)
    text += line_end + line;
  if (of.run)
    text += line_end + of.run->state + (run_line(*of.run).empty() ? "" : " · " + run_line(*of.run));
  return text;
}

std::string mermaid_text(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '"')
      safe += "#quot;";
    else if (c == '#')
      safe += "#35;";
    else if (c == '<')
      safe += "#lt;";
    else if (c == '>')
      safe += "#gt;";
    else if (c == '\x1f')
      safe += "<br/>";
    else
      safe += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return '"' + safe + '"';
}

std::string dot_text(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '"' || c == '\\')
      safe += '\\';
    if (c == '\x1f')
      safe += "\\n";
    else
      safe += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return '"' + safe + '"';
}

json json_of(const box& of) {
  static constexpr std::array forms = {"step", "sequence", "columns", "frame", "terminal"};
  auto made = object("form", forms[static_cast<std::size_t>(of.form)]);
  if (of.form != box_form::terminal)
    made["path"] = of.path;
  if (!of.verb.empty())
    made["verb"] = of.verb;
  if (!of.title.empty())
    made["title"] = of.title;
  if (!of.lines.empty())
    made["lines"] = of.lines;
  if (!of.condition.empty())
    made["if"] = of.condition;
  if (!of.labels.empty())
    made["labels"] = of.labels;
  if (of.run)
    made["run"] = object("state", of.run->state, "times", of.run->times, "attempts", of.run->attempts,
                         "duration", of.run->duration, "cost", of.run->cost);
  if (of.children.empty())
    return made;
  auto children = json::array();
  for (const auto& child : of.children)
    children.push_back(json_of(child));
  made["children"] = std::move(children);
  return made;
}

} // namespace

std::string render_mermaid(const box& whole) {
  std::string text = "flowchart TD\n";
  std::string indent = "  ";
  walker w;
  w.node = [&](const std::string& id, const box& of) {
    const auto label = mermaid_text(text_of(of, "\x1f"));
    const bool choice = of.verb == "choice" && of.form == box_form::card;
    text += indent + id +
            (choice                          ? "{" + label + "}"
             : of.form == box_form::terminal ? "([" + label + "])"
                                             : "[" + label + "]") +
            "\n";
  };
  w.open = [&](const std::string& id, const box& of) {
    text += indent + "subgraph " + id + " [" +
            mermaid_text(of.form == box_form::columns ? of.title : text_of(of, " · ")) + "]\n";
    indent += "  ";
  };
  w.close = [&] {
    indent.resize(indent.size() - 2);
    text += indent + "end\n";
  };
  std::string edges;
  w.edge = [&](const std::string& from, const std::string& to, const std::string& label) {
    edges += "  " + from + " -->" + (label.empty() ? "" : "|" + mermaid_text(label) + "|") + ' ' + to + "\n";
  };
  w.walk(whole, {});
  return text + edges;
}

std::string render_dot(const box& whole, const std::string& name) {
  std::string text =
      "digraph " + dot_text(name) +
      " {\n  rankdir=TB;\n  node [shape=box, style=rounded, fontname=\"Helvetica\", fontsize=11];\n"
      "  edge [fontname=\"Helvetica\", fontsize=10];\n  fontname=\"Helvetica\"; fontsize=11;\n";
  std::string indent = "  ";
  walker w;
  w.node = [&](const std::string& id, const box& of) {
    const bool choice = of.verb == "choice" && of.form == box_form::card;
    text += indent + id + " [label=" + dot_text(text_of(of, "\x1f")) +
            (choice                          ? ", shape=diamond, style=solid"
             : of.form == box_form::terminal ? ", shape=oval, style=solid"
                                             : "") +
            "];\n";
  };
  w.open = [&](const std::string& id, const box& of) {
    text += indent + "subgraph cluster_" + id + " {\n" + indent + "  style=dashed; label=" +
            dot_text(of.form == box_form::columns ? of.title : text_of(of, " · ")) + ";\n";
    indent += "  ";
  };
  w.close = [&] {
    indent.resize(indent.size() - 2);
    text += indent + "}\n";
  };
  std::string edges;
  w.edge = [&](const std::string& from, const std::string& to, const std::string& label) {
    edges += "  " + from + " -> " + to + (label.empty() ? "" : " [label=" + dot_text(label) + "]") + ";\n";
  };
  w.walk(whole, {});
  return text + edges + "}\n";
}

std::string render_graph_json(const box& whole) { return json_of(whole).dump(); }

} // namespace troupe::workflow
