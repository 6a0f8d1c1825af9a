#include "cli/serve/several_nodes.hpp"

#include "cli/client/node_file.hpp"
#include "cli/serve/node_process.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>

namespace troupe::cli {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds start_patience{60'000};
constexpr milliseconds restart_pause{500};

std::string port_of(const std::string& url) { return url.substr(url.rfind(':') + 1); }

} // namespace

/// One thread starts the nodes, hears what they say and that they have ended, and starts them again. It
/// sleeps on their descriptors and on `wake`.
struct several_nodes::parts {
  struct child {
    node how;
    std::string port; // that its next start asks for
    node_process process;
    std::string url; // empty until it has said where it listens
    std::optional<clock::time_point> starts_at;
    bool asked_to_end = false;
  };

  parts(std::vector<node> all, on_change to)
      : changed(std::move(to))
      , wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    for (auto& n : all) {
      auto& c = children.emplace_back();
      c.port = n.port;
      c.how = std::move(n);
      c.starts_at = clock::now();
    }
  }

  void watch() {
    while (look_after_all())
      sleep_until_something_happens();
  }

  /// False: all have ended, as they were to.
  bool look_after_all() {
    std::unique_lock guard(lock);
    const auto before = listening();
    for (auto& c : children)
      look_after(c);
    const auto after = listening();
    begun |= failed.empty() && after.size() == children.size();
    const bool tell = begun && !stopping && before != after;
    const bool goes_on =
        !stopping || std::any_of(children.begin(), children.end(), [](auto& c) { return c.process.runs(); });
    guard.unlock();
    if (tell)
      changed(after);
    guard.lock();
    announced |= tell;
    came.notify_all();
    return goes_on;
  }

  void look_after(child& c) {
    if (auto line = c.process.take_line(); line && c.url.empty())
      c.url = std::move(*line);
    if (auto code = c.process.take_end())
      ended(c, *code);
    if (stopping) {
      if (!std::exchange(c.asked_to_end, true))
        c.process.ask_to_end();
    } else if (c.starts_at && *c.starts_at <= clock::now()) {
      begin(c);
    }
  }

  void begin(child& c) {
    c.starts_at.reset();
    remove_node_file(c.how.data_dir);
    if (!c.process.start({"up", "--data", c.how.data_dir, "--port", c.port}, c.how.environment))
      ended(c, -1);
  }

  /// Whoever talks to it finds it where it was, unless somebody else has taken that port meanwhile.
  void ended(child& c, int code) {
    const bool served = !c.url.empty();
    c.port = served && c.how.port == "0" ? port_of(c.url) : c.how.port;
    c.url.clear();
    if (!begun)
      failed = c.how.name;
    else if (code != 0) // else it left because somebody asked it to
      c.starts_at = clock::now() + restart_pause;
  }

  void sleep_until_something_happens() {
    std::vector<pollfd> handles{{wake.get(), POLLIN, 0}};
    auto until = clock::time_point::max();
    for (const auto& c : children) {
      handles.push_back({c.process.end_handle(), POLLIN, 0}); // poll passes over those below zero
      handles.push_back({c.process.output_handle(), POLLIN, 0});
      until = std::min(until, c.starts_at.value_or(clock::time_point::max()));
    }
    int wait = -1;
    if (until != clock::time_point::max())
      wait = static_cast<int>(
          std::max(milliseconds(0), std::chrono::ceil<milliseconds>(until - clock::now())).count());
    ::poll(handles.data(), handles.size(), wait);
    eventfd_t ignored = 0;
    ::eventfd_read(wake.get(), &ignored);
  }

  std::vector<std::string> listening() const {
    std::vector<std::string> urls;
    for (const auto& c : children)
      if (!c.url.empty())
        urls.push_back(c.url);
    return urls;
  }

  /// Whose start failed, or does not come to an end; empty: all listen.
  std::string start_all() {
    watcher = std::thread([this] { watch(); });
    std::unique_lock guard(lock);
    came.wait_for(guard, start_patience, [this] { return announced || !failed.empty(); });
    for (const auto& c : children)
      if (!announced && failed.empty() && c.url.empty())
        failed = c.how.name;
    return failed;
  }

  void stop() {
    {
      std::lock_guard guard(lock);
      stopping = true;
    }
    ::eventfd_write(wake.get(), 1);
    if (watcher.joinable())
      watcher.join();
  }

  const on_change changed;
  const descriptor wake;
  mutable std::mutex lock; // of what follows
  std::condition_variable came;
  std::vector<child> children;
  std::string failed;
  bool begun = false; // all have listened once: from here on they are started again
  bool announced = false;
  bool stopping = false;
  std::thread watcher;
};

result<std::unique_ptr<several_nodes>> several_nodes::start(std::vector<node> all, on_change changed) {
  auto made = std::make_unique<parts>(std::move(all), std::move(changed));
  if (auto failed = made->start_all(); !failed.empty()) {
    made->stop();
    return fail(fault::unavailable, failed + " did not start; its log says why");
  }
  return std::unique_ptr<several_nodes>(new several_nodes(std::move(made)));
}

several_nodes::several_nodes(std::unique_ptr<parts> made)
    : parts_(std::move(made)) {}

several_nodes::~several_nodes() { parts_->stop(); }

void several_nodes::stop() { parts_->stop(); }

std::vector<std::string> several_nodes::urls() const {
  std::lock_guard guard(parts_->lock);
  return parts_->listening();
}

} // namespace troupe::cli
