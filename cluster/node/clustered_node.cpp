#include "cluster/node/clustered_node.hpp"

#include "runtime/host/local_node.hpp"
#include "runtime/node/ingress_shard.hpp"

#include <algorithm>
#include <mutex>

namespace troupe::cluster {
namespace {

using journal::member_state;

constexpr milliseconds look_patience{0}; // beyond what every request has

std::string state_name(const member& m) {
  switch (m.state) {
  case member_state::up:
    return "up";
  case member_state::cordoned:
    return "cordoned";
  case member_state::draining:
    return "draining";
  case member_state::left:
  case member_state::dead:
    return "left";
  }
  return "left";
}

template<class T>
cluster_core::on_response expecting(answer<T> done) {
  return [done = std::move(done)](result<response_body> came) {
    if (!came)
      return done(tl::unexpected(came.error()));
    auto* what = std::get_if<T>(&*came);
    what ? done(std::move(*what)) : done(fail(fault::internal, "another node answered strangely"));
  };
}

} // namespace

bool clustered_node::elsewhere(const agent_id& id, node_epoch& node) {
  node = all_.home_of(id);
  return node != peers::here && node != peers::nowhere;
}

std::string clustered_node::name_of(node_epoch node) const {
  const auto members = all_.members();
  auto found = members.find(node);
  return found == members.end() ? std::string() : found->second.node;
}

void clustered_node::inject(inject_request request, answer<inject_answer> done) {
  node_epoch node = 0;
  std::string why;
  auto shard = ingress_shard::id_of(ingress_shard::shard_of(request));
  if (!elsewhere(shard, node) || !ready(why))
    return here_.inject(std::move(request), std::move(done));
  auto patience = request.wait;
  all_.ask(node, std::move(request), patience, expecting<inject_answer>(std::move(done)));
}

void clustered_node::order(agent_order what, std::function<void()> here, answer<agent_view> done) {
  auto id = what.id;
  all_.locate(id, [this, what = std::move(what), here = std::move(here), done](node_epoch node) {
    if (node == peers::here || node == peers::nowhere)
      return here();
    all_.ask(node, what, milliseconds(0), expecting<agent_view>(done));
  });
}

void clustered_node::spawn(agent_id id, answer<agent_view> done) {
  auto here = [this, id, done] { here_.spawn(id, done); };
  order({agent_order::verb::spawn, std::move(id), {}, {}}, here, done);
}

void clustered_node::stop(agent_id id, std::string reason, answer<agent_view> done) {
  auto here = [this, id, reason, done] { here_.stop(id, reason, done); };
  order({agent_order::verb::stop, std::move(id), std::move(reason), {}}, here, done);
}

void clustered_node::restart(agent_id id, restart_mode mode, answer<agent_view> done) {
  auto here = [this, id, mode, done] { here_.restart(id, mode, done); };
  order({agent_order::verb::restart, std::move(id), {}, mode}, here, done);
}

/// Its node knows what it is doing; when that one does not answer, the store still knows what it is.
void clustered_node::inspect(agent_id id, answer<agent_view> done) {
  auto named = [this, done](result<agent_view> view) {
    if (view && view->node.empty())
      view->node = name_of(view->owner);
    done(std::move(view));
  };
  auto here = [this, id, named] { here_.inspect(id, named); };
  auto or_from_the_store = [this, id, named](result<agent_view> view) {
    if (view || view.error().what == fault::not_found)
      return named(std::move(view));
    here_.inspect(id, [why = view.error().message, named](result<agent_view> stored) {
      if (stored)
        stored->why.push_back("its node does not answer: " + why);
      named(std::move(stored));
    });
  };
  order({agent_order::verb::inspect, id, {}, {}}, here, or_from_the_store);
}

/// A page of the store's list, while the nodes that own some of it are asked what those do.
struct clustered_node::gathering {
  agent_query query;
  answer<journal::page<agent_view>> done;
  std::mutex lock;
  journal::page<agent_view> page;
  std::size_t missing = 0;

  void add(const std::vector<live_view>& seen) {
    std::lock_guard guard(lock);
    for (const auto& live : seen)
      for (auto& v : page.items)
        if (v.id == live.id) {
          v.state = live.state;
          v.mailbox_depth = live.mailbox_depth;
          v.turns = live.turns;
        }
  }
  void one_less() {
    {
      std::lock_guard guard(lock);
      if (--missing > 0)
        return;
    }
    std::erase_if(page.items, [&](const auto& v) { return query.state && v.state != *query.state; });
    done(std::move(page));
  }
};

void clustered_node::list(agent_query query, answer<journal::page<agent_view>> done) {
  auto all = std::make_shared<gathering>();
  all->query = query;
  all->done = std::move(done);
  query.state.reset();
  here_.list(std::move(query), [this, all](result<journal::page<agent_view>> stored) {
    if (!stored)
      return all->done(std::move(stored));
    all->page = std::move(*stored);
    add_live(all);
  });
}

void clustered_node::add_live(std::shared_ptr<gathering> all) {
  const auto members = all_.members();
  std::map<node_epoch, std::vector<agent_id>> owned;
  for (auto& v : all->page.items) {
    auto found = members.find(v.owner);
    if (found == members.end() || !found->second.lives())
      continue;
    v.node = found->second.node;
    if (v.owner != all_.self())
      owned[v.owner].push_back(v.id);
  }
  all->missing = owned.size() + 1;
  for (auto& [node, ids] : owned)
    all_.ask(node, look_at{std::move(ids)}, look_patience, [all](result<response_body> came) {
      if (auto* seen = came ? std::get_if<std::vector<live_view>>(&*came) : nullptr)
        all->add(*seen);
      all->one_less(); // without an answer the store's word stands
    });
  all->one_less();
}

void clustered_node::mailbox(agent_id id, std::size_t limit, answer<journal::page<mail_view>> done) {
  here_.mailbox(std::move(id), limit, std::move(done));
}

void clustered_node::history(agent_id id, std::string cursor, std::size_t limit,
                             answer<journal::page<journal::stored_event>> done) {
  here_.history(std::move(id), std::move(cursor), limit, std::move(done));
}

void clustered_node::dead_letters(std::string cursor, std::size_t limit,
                                  answer<journal::page<journal::stored_dead_letter>> done) {
  here_.dead_letters(std::move(cursor), limit, std::move(done));
}

void clustered_node::dead_letter(std::string id, answer<journal::stored_dead_letter> done) {
  here_.dead_letter(std::move(id), std::move(done));
}

void clustered_node::replay_dead_letter(std::string id, answer<inject_answer> done) {
  auto send = [this](inject_request again, answer<inject_answer> sent) {
    inject(std::move(again), std::move(sent));
  };
  here_.replay_dead_letter_by(std::move(id), send, std::move(done));
}

void clustered_node::listings(journal::listing_query query,
                              answer<journal::page<journal::stored_listing>> done) {
  here_.listings(std::move(query), std::move(done));
}

void clustered_node::node(answer<node_view> done) {
  here_.node([this, done = std::move(done)](result<node_view> view) {
    const auto members = all_.members();
    auto self = members.find(all_.self());
    if (view && self != members.end() && view->state == "up") {
      view->state = state_name(self->second);
      view->reason = self->second.reason;
    }
    done(std::move(view));
  });
}

/// Living members, this one in full; and the latest incarnation of each name that lives no more.
void clustered_node::nodes(answer<std::vector<node_view>> done) {
  node([this, done = std::move(done)](result<node_view> own) {
    if (!own)
      return done(tl::unexpected(own.error()));
    std::map<std::string, node_view> by_name;
    for (const auto& [epoch, m] : all_.members()) {
      auto& shown = by_name[m.node];
      if (shown.epoch != 0 && !m.lives())
        if (const auto members = all_.members(); members.at(shown.epoch).lives())
          continue;
      node_view v;
      v.id = m.node;
      v.state = state_name(m);
      v.reason = m.reason;
      v.epoch = epoch;
      v.started = m.since;
      shown = epoch == all_.self() ? *own : std::move(v);
    }
    std::vector<node_view> all;
    for (auto& [name, view] : by_name)
      all.push_back(std::move(view));
    done(std::move(all));
  });
}

void clustered_node::migrate(agent_id id, std::string to, answer<move_report> done) {
  all_.migrate(std::move(id), std::move(to), std::move(done));
}

void clustered_node::order_node(std::string name, node_order what, answer<node_order_report> done) {
  all_.order_node(std::move(name), what, std::move(done));
}

bool clustered_node::ready(std::string& why) const { return here_.ready(why); }

} // namespace troupe::cluster
