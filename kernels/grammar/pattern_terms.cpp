#include "kernels/grammar/pattern_terms.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

namespace {

using kind = ecma_node::kind;
using items = std::vector<const ecma_node*>;

// Groups with assertions are multiplied out.
constexpr std::size_t branches_max = 2'000;

bool asserts(const ecma_node& node) {
  return node.what == kind::begin || node.what == kind::end || node.what == kind::look_ahead ||
         std::any_of(node.children.begin(), node.children.end(), asserts);
}

/// Turns a tree into a term. Assertions speak about what stands before and behind them, so an item that holds
/// one is taken together with everything behind it.
class translation {
public:
  explicit translation(term_pool& pool)
      : pool_(pool) {}

  /// `at_begin`: nothing stands before; `before`: what may, if no ^ says otherwise; `behind`: the same for $.
  result<term_id> found(const ecma_node& root, term_id before, term_id behind) {
    return choice(root, {}, before, behind, true);
  }

private:
  result<term_id> choice(const ecma_node& node, const items& rest, term_id before, term_id behind,
                         bool at_begin) {
    if (++branches_ > branches_max)
      return fail(fault::refused, "pattern: too many assertions within groups");
    if (node.what != kind::choice) {
      auto all = sequence_of(node);
      all.insert(all.end(), rest.begin(), rest.end());
      return sequence(all, 0, before, behind, at_begin);
    }
    std::vector<term_id> branches;
    for (const auto& child : node.children) {
      auto branch = choice(child, rest, before, behind, at_begin);
      if (!branch)
        return branch;
      branches.push_back(*branch);
    }
    return pool_.either(std::move(branches));
  }

  static items sequence_of(const ecma_node& node) {
    if (node.what != kind::sequence)
      return {&node};
    items all;
    for (const auto& child : node.children)
      all.push_back(&child);
    return all;
  }

  /// The items from `at` on, at the beginning of the text only as long as nothing has been taken.
  result<term_id> sequence(const items& all, std::size_t at, term_id before, term_id behind, bool at_begin) {
    if (at == all.size())
      return at_begin ? pool_.concat(before, behind) : behind;
    const auto& item = *all[at];
    if (item.what == kind::begin) {
      if (!at_begin)
        return fail(fault::refused, "pattern: ^ behind something else");
      return sequence(all, at + 1, term_pool::no_text, behind, true);
    }
    if (item.what == kind::end)
      return sequence_end(all, at, before, at_begin);
    if (item.what == kind::look_ahead)
      return look(all, at, before, behind, at_begin);
    if (asserts(item)) {
      if (item.what == kind::repeat)
        return fail(fault::refused, "pattern: repetition of a group with assertions");
      return choice(item, items(all.begin() + static_cast<std::ptrdiff_t>(at) + 1, all.end()), before, behind,
                    at_begin);
    }
    auto next = at + 1;
    while (next < all.size() && !asserts(*all[next]))
      ++next;
    const auto rest = sequence(all, next, term_pool::no_text, behind, false);
    if (!rest)
      return rest;
    auto from_here = *rest;
    for (; next > at; --next)
      from_here = pool_.concat(plain(*all[next - 1]), from_here);
    return at_begin ? pool_.concat(before, from_here) : from_here;
  }

  result<term_id> sequence_end(const items& all, std::size_t at, term_id before, bool at_begin) {
    const bool last = std::all_of(all.begin() + static_cast<std::ptrdiff_t>(at), all.end(),
                                  [](const auto* item) { return item->what == kind::end; });
    if (!last)
      return fail(fault::refused, "pattern: $ in front of something else");
    return at_begin ? before : term_pool::no_text;
  }

  /// What stands behind must (not) begin as the look-ahead says.
  result<term_id> look(const items& all, std::size_t at, term_id before, term_id behind, bool at_begin) {
    auto ahead = choice(all[at]->children[0], {}, term_pool::no_text, term_pool::anything, false);
    auto rest = sequence(all, at + 1, term_pool::no_text, behind, false);
    if (!ahead || !rest)
      return ahead ? rest : ahead;
    const auto wanted = all[at]->negated ? pool_.negated(*ahead) : *ahead;
    const auto here = pool_.both({wanted, *rest});
    return at_begin ? pool_.concat(before, here) : here;
  }

  term_id plain(const ecma_node& node) {
    std::vector<term_id> parts;
    auto joined = term_pool::no_text;
    switch (node.what) {
    case kind::character:
      return pool_.character(node.set);
    case kind::repeat:
      return pool_.repeat(plain(node.children[0]), node.least, node.most);
    case kind::choice:
      for (const auto& child : node.children)
        parts.push_back(plain(child));
      return pool_.either(std::move(parts));
    case kind::sequence:
      for (auto child = node.children.rbegin(); child != node.children.rend(); ++child)
        joined = pool_.concat(plain(*child), joined);
      return joined;
    case kind::begin:
    case kind::end:
    case kind::look_ahead:
      break;
    }
    return term_pool::nothing;
  }

  term_pool& pool_;
  std::size_t branches_ = 0;
};

result<term_id> translate(term_pool& pool, std::string_view pattern, term_id around) {
  const auto tree = parse_ecma(pattern);
  if (!tree)
    return fail(tree);
  return translation(pool).found(*tree, around, around);
}

} // namespace

result<term_id> texts_with(term_pool& pool, std::string_view pattern) {
  return translate(pool, pattern, term_pool::anything);
}

result<term_id> texts_like(term_pool& pool, std::string_view pattern) {
  return translate(pool, pattern, term_pool::no_text);
}

} // namespace troupe::kernels::grammar
