#include "config/expression/references.hpp"
#include "config/expression/operation.hpp"

#include <algorithm>

namespace troupe::expression {
namespace {

class collector {
public:
  explicit collector(const syntax_tree& tree)
      : tree_(tree) {}

  void visit(node_id id, bool absence_is_fine);
  std::vector<reference> found;

private:
  const std::string* name_at(const node& n) const;
  void chain(const node& top, bool absence_is_fine);

  const syntax_tree& tree_;
};

bool is_link(node_kind kind) {
  return kind == node_kind::field || kind == node_kind::has || kind == node_kind::index;
}

// The name that a link of a chain reads: .name or ["name"].
const std::string* collector::name_at(const node& n) const {
  if (n.kind != node_kind::index)
    return &tree_.name_of(n);
  const node& key = tree_.child(n, 1);
  const bool is_name = key.kind == node_kind::literal && tree_.literals[key.index].is(value_kind::text);
  return is_name ? &tree_.literals[key.index].as_text() : nullptr;
}

// a.b["c"][d].e: from the top down to the variable, then up again as far as names are known.
void collector::chain(const node& top, bool absence_is_fine) {
  std::vector<const node*> links;
  const node* base = &top;
  node_id base_id = 0;
  while (is_link(base->kind)) {
    links.push_back(base);
    if (base->kind == node_kind::index)
      visit(tree_.children_of(*base)[1], absence_is_fine);
    base_id = tree_.children_of(*base)[0];
    base = &tree_.at(base_id);
  }
  if (base->kind != node_kind::variable) {
    visit(base_id, absence_is_fine);
    return;
  }
  reference made;
  made.root = tree_.name_of(*base);
  made.at = base->at;
  made.parts.push_back(base->at);
  for (auto link = links.rbegin(); link != links.rend(); ++link) {
    const std::string* name = name_at(**link);
    made.computed = !name;
    if (!name)
      break;
    made.path.push_back(*name);
    made.parts.push_back((*link)->mark);
    made.at.end = (*link)->mark.end;
  }
  const bool asks = top.kind == node_kind::has && !made.computed;
  made.needed = absence_is_fine ? 0 : made.path.size() - (asks ? 1 : 0);
  found.push_back(std::move(made));
}

void collector::visit(node_id id, bool absence_is_fine) {
  const node& n = tree_.at(id);
  if (is_link(n.kind)) {
    chain(n, absence_is_fine);
    return;
  }
  if (n.kind == node_kind::variable && !is_type_name(tree_.name_of(n)))
    found.push_back({tree_.name_of(n), {}, n.at, {n.at}, 0, false});
  for (std::size_t i = 0; i < n.child_count; ++i)
    visit(tree_.children_of(n)[i], absence_is_fine || (n.kind == node_kind::coalesce && i == 0));
}

} // namespace

std::vector<reference> references_of(const syntax_tree& tree) {
  collector walk(tree);
  walk.visit(tree.root(), false);
  std::ranges::stable_sort(walk.found, {}, [](const reference& r) { return r.at.begin; });
  return std::move(walk.found);
}

} // namespace troupe::expression
