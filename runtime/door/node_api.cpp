#include "runtime/door/node_api.hpp"

namespace troupe {
namespace {

constexpr const char* alone = "this node is alone: there is no other to move anything to";
constexpr const char* hint = "troupe up --nodes 3 starts several on one store";

} // namespace

void node_api::nodes(answer<std::vector<node_view>> done) {
  node([done = std::move(done)](result<node_view> one) {
    if (!one)
      return done(tl::unexpected(one.error()));
    done(std::vector<node_view>{std::move(*one)});
  });
}

void node_api::migrate(agent_id, std::string, answer<move_report> done) {
  done(fail(fault::refused, alone, hint));
}

void node_api::order_node(std::string, node_order, answer<node_order_report> done) {
  done(fail(fault::refused, alone, hint));
}

} // namespace troupe
