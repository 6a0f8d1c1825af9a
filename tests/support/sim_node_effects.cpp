// Outside effects of a simulated node.
#include "runtime/wire/outcome_codec.hpp"
#include "tests/support/sim_node.hpp"

namespace troupe::testing {

void sim_node::execute(const agent_id& id, const execute_effect& a, bool repeated) {
  if (a.adopt && !repeated) {
    store.adopt_effect(a.request.id, [=, this, process = process_](result<journal::effect_row> row) {
      if (process == process_ && row)
        execute(id, a, true);
    });
    return;
  }
  later([=, this, process = process_] {
    if (process != process_)
      return;
    effects_seen.push_back({a.request.key, id.text(), repeated});
    record(id, a.task, a.effect, a.request.id, outside(a.request));
  });
}

void sim_node::record(const agent_id& id, const std::string& task, const std::string& effect,
                      const std::string& row, const outcome& came) {
  store.record_result(row, store.node_epoch(), wire::encode_outcome(came),
                      [=, this, process = process_](result<bool> recorded) {
                        if (process == process_ && recorded)
                          settled(id, task, effect, came);
                      });
}

void sim_node::settled(const agent_id& id, const std::string& task, const std::string& effect,
                       const outcome& came) {
  if (results_reach_rows_only)
    return;
  auto* h = find(id);
  if (!h && options_.others) {
    if (auto home = options_.others->home_of(id); home != peers::here && home != peers::nowhere) {
      peer_notice notice;
      notice.kind = peer_notice::what::settled;
      notice.id = id;
      notice.create = false;
      notice.task = task;
      notice.effect = effect;
      notice.answer = came;
      return options_.others->tell(home, std::move(notice));
    }
  }
  if (!h) {
    core_->wanted(id, false, clock.now());
    return do_node_actions();
  }
  h->cell->effect_settled(task, effect, came);
  work(id);
}

} // namespace troupe::testing
