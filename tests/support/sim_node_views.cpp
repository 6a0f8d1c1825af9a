// What a simulated node is asked when its run is over.
#include "tests/support/sim_node.hpp"

namespace troupe::testing {

journal::ledger sim_node::totals() {
  journal::ledger sum;
  bool told = false;
  store.totals([&](result<journal::ledger> l) {
    sum = *l;
    told = true;
  });
  while (!told && store.step()) {
  }
  return sum;
}

std::map<std::string, std::string> sim_node::documents(const std::string& agent) {
  std::map<std::string, std::string> found;
  bool told = false;
  store.describe(*agent_id::parse(agent), [&](result<journal::loaded_agent> a) {
    told = true;
    if (a)
      for (const auto& row : a->rows)
        if (row.cls == journal::row_class::document)
          found[row.key] = row.body;
  });
  while (!told && store.step()) {
  }
  return found;
}

std::vector<journal::agent_summary> sim_node::agents() {
  std::vector<journal::agent_summary> all;
  bool told = false;
  store.agents("", "", 10'000, [&](auto page) {
    all = std::move(page->items);
    told = true;
  });
  while (!told && store.step()) {
  }
  return all;
}

std::vector<std::string> sim_node::undelivered() {
  static constexpr const char* kinds[] = {"message", "call", "timer", "reply", "cancel", "signal", "stop"};
  std::vector<std::string> left;
  for (const auto& a : agents())
    for (auto on : {lane::mail, lane::control}) {
      bool told = false;
      store.pending(a.id.addr(), on, 0, 1000, [&](auto window) {
        told = true;
        for (const auto& row : window->rows) {
          auto e = decode_envelope(row.envelope);
          left.push_back(std::string(kinds[static_cast<std::size_t>(e->kind)]) + ' ' + e->type + " from " +
                         e->from.text() + " to " + a.id.text() + " number " + std::to_string(row.number) +
                         (is_active(a.id.text()) ? ", active" : ", passive"));
        }
      });
      while (!told && store.step()) {
      }
    }
  return left;
}

std::vector<journal::stored_dead_letter> sim_node::dead_letters() {
  std::vector<journal::stored_dead_letter> all;
  bool told = false;
  store.dead_letters("", 10'000, [&](auto page) {
    all = std::move(page->items);
    told = true;
  });
  while (!told && store.step()) {
  }
  return all;
}

} // namespace troupe::testing
