#include "tests/cluster/whole_node.hpp"

#include <boost/test/unit_test.hpp>
#include <future>

namespace troupe::testing {
namespace {

/// Waits for one answer of an asynchronous interface.
template<class T>
class awaited {
public:
  answer<T> taker() {
    return [promise = promise_](result<T> what) { promise->set_value(std::move(what)); };
  }
  result<T> get() {
    auto future = promise_->get_future();
    if (future.wait_for(std::chrono::seconds(90)) != std::future_status::ready)
      return fail(fault::timeout, "no answer within a minute and a half");
    return future.get();
  }

private:
  std::shared_ptr<std::promise<result<T>>> promise_ = std::make_shared<std::promise<result<T>>>();
};

template<class T>
T required(result<T> what) {
  BOOST_REQUIRE_MESSAGE(what.has_value(), (what ? std::string() : what.error().message));
  return std::move(*what);
}

} // namespace

whole_node::whole_node(const std::string& server, const std::string& directory, std::string name)
    : name_(std::move(name)) {
  storage::postgres_options how;
  how.server = server;
  how.directory = directory;
  store_ = required(storage::open_postgres(how));
  auto kinds = required(kind_registry::of_this_program());
  cluster::system_cluster::options joining;
  joining.name = name_;
  joining.cluster_id = std::to_string(store_->store_id());
  joining.log = [this](const std::string&, const std::string&) {
    std::lock_guard guard(lock_);
    ++changes_;
    changed_.notify_all();
  };
  joining.on_end = [](const std::string&, bool) {};
  all_ = required(cluster::system_cluster::join(std::move(joining), *store_));
  node_options running;
  running.name = name_;
  running.others = all_.get();
  running.shared = store_.get();
  node_ = required(local_node::start(running, std::move(kinds), *store_, *all_, random_, {}));
  door_ = std::make_unique<cluster::clustered_node>(*node_, *all_);
  all_->attach(*node_);
}

whole_node::~whole_node() { all_->detach(); }

std::string whole_node::ask(const std::string& agent, const std::string& type, const std::string& body) {
  static std::atomic<int> keys = 0;
  inject_request request;
  request.to = *agent_id::parse(agent);
  request.type = type;
  request.body = body;
  request.idempotency_key = "ask-" + std::to_string(++keys);
  request.wait = milliseconds(30'000);
  for (int tries = 0; tries < 2'000; ++tries) {
    awaited<inject_answer> told;
    door_->inject(request, told.taker());
    auto came = told.get();
    if (came && came->reply)
      return came->reply->ok ? came->reply->body : came->reply->kind;
    if (!came && came.error().what != fault::unavailable)
      return came.error().message;
    std::this_thread::sleep_for(std::chrono::milliseconds(20)); // between owners
  }
  return "nobody answered";
}

agent_view whole_node::inspect(const std::string& agent) {
  awaited<agent_view> told;
  door_->inspect(*agent_id::parse(agent), told.taker());
  return required(told.get());
}

result<move_report> whole_node::migrate(const std::string& agent, const std::string& to) {
  awaited<move_report> told;
  door_->migrate(*agent_id::parse(agent), to, told.taker());
  return told.get();
}

result<node_order_report> whole_node::order(const std::string& node, node_order what) {
  awaited<node_order_report> told;
  door_->order_node(node, what, told.taker());
  return told.get();
}

std::vector<node_view> whole_node::nodes() {
  awaited<std::vector<node_view>> told;
  door_->nodes(told.taker());
  return required(told.get());
}

/// Its members are asked for without our lock: the cluster holds theirs while it speaks.
bool whole_node::sees(std::size_t count) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  std::unique_lock guard(lock_);
  for (bool more = true; more;) {
    const auto seen = changes_;
    guard.unlock();
    if (living() == count)
      return true;
    guard.lock();
    more = changed_.wait_until(guard, until, [&] { return changes_ != seen; });
  }
  return false;
}

std::size_t whole_node::living() const {
  std::size_t count = 0;
  for (const auto& [epoch, m] : all_->members())
    count += m.lives() ? 1 : 0;
  return count;
}

} // namespace troupe::testing
