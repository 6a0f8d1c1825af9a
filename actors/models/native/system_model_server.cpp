#include "actors/models/native/model_server.hpp"

#include "config/invariant.hpp"

#include <condition_variable>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <sched.h>
#include <set>
#include <thread>

namespace troupe::models {

using namespace kernels;

namespace {

// What nobody woke it for (a deadline of a text that waits for its adapter) is looked at so often.
constexpr std::chrono::milliseconds look_again{50};

void take_idle_priority() {
  sched_param none{};
  sched_setscheduler(0, SCHED_IDLE, &none); // of this thread; where refused, the usual one will do
}

} // namespace

/// Where others leave errands for the serving thread. May outlive it: then they are never run.
struct errand_box {
  std::mutex guard;
  std::condition_variable awake;
  std::deque<std::function<void()>> errands;

  void post(std::function<void()> what) {
    {
      const std::lock_guard lock(guard);
      errands.push_back(std::move(what));
    }
    awake.notify_one();
  }
};

/// The scheduler and the registry belong to the serving thread.
class model_server::state {
public:
  state(std::unique_ptr<step_engine> engine, const tokenizer* words, adapter_loader load, clock_source& clock,
        server_options options)
      : engine_(std::move(engine))
      , registry_(options.adapters)
      , scheduler_(*engine_, words, registry_, options.batch)
      , load_(std::move(load))
      , clock_(clock)
      , options_(options)
      , serving_([this] { serve(); })
      , loading_([this] { load_adapters(); }) {}

  ~state() {
    {
      const std::lock_guard lock(guard_);
      ending_ = true;
    }
    awake_.notify_all();
    wanted_.notify_all();
    serving_.join();
    loading_.join();
  }

  using errand = std::function<void()>;

  ticket ask(text_request request, hear_update hear) {
    auto held = std::make_shared<text_request>(std::move(request));
    const std::lock_guard lock(guard_);
    const auto which = ++last_;
    if (waiting_ >= options_.batch.waiting_max) {
      overflow(std::move(hear)); // told by the serving thread, like everything else
      return which;
    }
    ++waiting_;
    inbox_.push_back([this, which, held, hear = std::move(hear)]() mutable {
      begin(which, std::move(*held), std::move(hear));
    });
    awake_.notify_one();
    return which;
  }

  std::function<void(ticket)> canceler() {
    return [this, box = box_](ticket which) {
      box->post([this, which] { // run by the serving thread, so while this is there
        if (const auto found = by_ticket_.find(which); found != by_ticket_.end())
          scheduler_.cancel(found->second);
      });
    };
  }

  /// Runs between two steps; waits for it.
  template<class Work>
  auto between_steps(Work work) {
    std::packaged_task<decltype(work(registry_))()> task([this, &work] {
      auto done = work(registry_);
      publish_adapters(); // before the caller goes on
      return done;
    });
    auto done = task.get_future();
    post([&task] { task(); });
    return done.get();
  }

  serving_counters counters() const {
    const std::lock_guard lock(guard_);
    auto seen = counters_;
    seen.waiting += waiting_;
    return seen;
  }

  std::vector<adapter_registry::entry_view> adapters() const {
    const std::lock_guard lock(guard_);
    return adapters_;
  }

  std::uint32_t text_max() const noexcept { return scheduler_.text_max(); }

private:
  struct asker {
    ticket which;
    hear_update hear;
  };

  void post(errand what) { box_->post(std::move(what)); }

  void overflow(hear_update hear) {
    inbox_.push_back([hear = std::move(hear), waiting = waiting_] {
      hear(kernels::fail(kernels::fault::refused, std::to_string(waiting) + " requests wait already",
                         "try again later"));
    });
    awake_.notify_one();
  }

  void begin(ticket which, text_request asked, hear_update hear) {
    {
      const std::lock_guard lock(guard_);
      --waiting_;
    }
    const auto id = scheduler_.submit(std::move(asked));
    if (!id)
      return hear(kernels::fail(id));
    by_ticket_[which] = *id;
    requests_[*id] = {which, std::move(hear)};
  }

  void serve() {
    if (options_.background)
      take_idle_priority();
    while (run_errands()) {
      auto updates =
          scheduler_.step(std::chrono::duration_cast<serving_time>(clock_.now().time_since_epoch()));
      publish_counters(); // who hears of an end finds it counted
      tell(std::move(updates));
      hand_out_jobs();
    }
    for (auto& [id, one] : requests_)
      scheduler_.cancel(id);
    tell(scheduler_.step({}));
  }

  void publish_counters() {
    const auto now = scheduler_.counters();
    const std::lock_guard lock(guard_);
    stalled_ = now.steps == counters_.steps; // nothing to do, or all wait for adapters
    counters_ = now;
  }

  /// False when the server ends.
  bool run_errands() {
    std::deque<errand> errands;
    {
      std::unique_lock lock(guard_);
      const auto something = [this] { return ending_ || !inbox_.empty(); };
      if (scheduler_.is_idle())
        awake_.wait(lock, something);
      else if (stalled_)
        awake_.wait_for(lock, look_again, something);
      if (ending_ && inbox_.empty())
        return false;
      errands.swap(inbox_);
    }
    for (auto& one : errands)
      one();
    if (!errands.empty())
      publish_adapters();
    return true;
  }

  void publish_adapters() {
    auto known = registry_.list();
    const std::lock_guard lock(guard_);
    adapters_ = std::move(known);
  }

  void tell(std::vector<text_update> updates) {
    for (auto& update : updates) {
      const auto found = requests_.find(update.of);
      ensure(found != requests_.end(), "a request is heard of until it ends");
      const bool over = update.end.has_value();
      const auto hear = found->second.hear;
      if (over) {
        by_ticket_.erase(found->second.which);
        requests_.erase(found);
      }
      hear(std::move(update));
    }
  }

  void hand_out_jobs() {
    const std::lock_guard lock(guard_);
    while (auto job = registry_.next_job())
      jobs_.push_back(std::move(*job));
    if (!jobs_.empty())
      wanted_.notify_one();
  }

  void load_adapters() {
    if (options_.background)
      take_idle_priority();
    while (true) {
      std::unique_lock lock(guard_);
      wanted_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
      if (ending_)
        return;
      const auto job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      auto made = std::make_shared<kernels::result<std::shared_ptr<const adapter>>>(load_(job.path));
      post([this, job, made] { scheduler_.adapter_loaded(job, std::move(*made)); });
    }
  }

  std::unique_ptr<step_engine> engine_;
  adapter_registry registry_;
  scheduler scheduler_;
  adapter_loader load_;
  clock_source& clock_;
  server_options options_;
  std::map<ticket, request_id> by_ticket_; // the serving thread's
  std::map<request_id, asker> requests_;   // likewise

  const std::shared_ptr<errand_box> box_ = std::make_shared<errand_box>();
  std::mutex& guard_ = box_->guard; // of what follows, too
  std::condition_variable& awake_ = box_->awake;
  std::deque<errand>& inbox_ = box_->errands;
  std::condition_variable wanted_;
  std::deque<adapter_registry::job> jobs_;
  serving_counters counters_;
  std::vector<adapter_registry::entry_view> adapters_;
  std::uint32_t waiting_ = 0; // in the inbox
  ticket last_ = 0;
  bool stalled_ = true;
  bool ending_ = false;

  std::thread serving_; // last: they use all of the above
  std::thread loading_;
};

model_server::model_server(std::unique_ptr<step_engine> engine, const tokenizer* words, adapter_loader load,
                           clock_source& clock, server_options options)
    : state_(std::make_unique<state>(std::move(engine), words, std::move(load), clock, options)) {}

model_server::~model_server() = default;

model_server::ticket model_server::ask(text_request request, hear_update hear) {
  return state_->ask(std::move(request), std::move(hear));
}

void model_server::cancel(ticket which) { state_->canceler()(which); }

std::function<void(model_server::ticket)> model_server::canceler() const { return state_->canceler(); }

kernels::result<done> model_server::put_adapter(const std::string& name, const std::string& path) {
  return state_->between_steps([&](adapter_registry& known) { return known.put(name, path); });
}

kernels::result<done> model_server::remove_adapter(const std::string& name) {
  return state_->between_steps([&](adapter_registry& known) { return known.remove(name); });
}

kernels::result<done> model_server::pin_adapter(const std::string& name, bool pinned) {
  return state_->between_steps([&](adapter_registry& known) { return known.pin(name, pinned); });
}

std::vector<adapter_registry::entry_view> model_server::adapters() const { return state_->adapters(); }

serving_counters model_server::counters() const { return state_->counters(); }

std::uint32_t model_server::text_max() const noexcept { return state_->text_max(); }

} // namespace troupe::models
