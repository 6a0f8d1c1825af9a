#include "cli/serve/several_nodes.hpp"

#include "cli/client/node_file.hpp"

#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace troupe::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds between_looks{100};
constexpr milliseconds start_patience{60'000};
constexpr milliseconds restart_pause{500};

/// argv and envp of one node, made before the fork: after it only system calls are safe.
struct command_line {
  explicit command_line(const several_nodes::node& n)
      : words{"/proc/self/exe", "up", "--data", n.data_dir, "--port", n.port} {
    for (const auto& [name, value] : n.environment)
      variables.push_back(name + '=' + value);
    for (auto& w : words)
      argv.push_back(w.data());
    for (auto& v : variables)
      envp.push_back(v.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
  }
  std::vector<std::string> words, variables;
  std::vector<char*> argv, envp;
};

/// It hears no signal of ours, writes its log where we do, and does not outlive us.
[[noreturn]] void become(const command_line& what, pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int s : {SIGINT, SIGTERM})
    std::signal(s, SIG_DFL);
  setpgid(0, 0); // Ctrl-C at the terminal is for us to pass on
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent)
    _exit(1);
  const int nowhere = ::open("/dev/null", O_RDWR);
  dup2(nowhere, STDIN_FILENO);
  dup2(nowhere, STDOUT_FILENO);
  execve(what.argv[0], what.argv.data(), what.envp.data());
  _exit(127);
}

pid_t begin(const several_nodes::node& n) {
  remove_node_file(n.data_dir);
  const command_line what(n);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0)
    become(what, parent);
  return child;
}

} // namespace

struct several_nodes::parts {
  struct child {
    node how;
    pid_t pid = 0; // 0: it is not to run
    std::string url;
  };

  /// Its node.json, once it is this process's.
  bool find_url(child& c) const {
    auto file = read_node_file(c.how.data_dir);
    if (!file || !*file || (*file)->pid != c.pid)
      return false;
    c.url = (*file)->url;
    return true;
  }

  void watch() {
    while (!stopping) {
      std::this_thread::sleep_for(between_looks);
      std::lock_guard guard(lock);
      for (auto& c : children) {
        int status = 0;
        if (stopping || c.pid == 0 || waitpid(c.pid, &status, WNOHANG) != c.pid)
          continue;
        c.pid = 0;
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
          continue; // it left because somebody asked it to
        std::this_thread::sleep_for(restart_pause);
        c.pid = begin(c.how);
      }
    }
  }

  void stop() {
    stopping = true;
    if (watcher.joinable())
      watcher.join();
    for (auto& c : children)
      if (c.pid != 0)
        ::kill(c.pid, SIGTERM);
    for (auto& c : children)
      if (c.pid != 0)
        waitpid(std::exchange(c.pid, 0), nullptr, 0);
  }

  mutable std::mutex lock;
  std::vector<child> children;
  std::atomic<bool> stopping = false;
  std::thread watcher;
};

result<std::unique_ptr<several_nodes>> several_nodes::start(std::vector<node> all) {
  auto made = std::make_unique<parts>();
  for (auto& n : all)
    made->children.push_back({std::move(n), 0, {}});
  for (auto& c : made->children)
    c.pid = begin(c.how);
  for (auto& c : made->children) {
    milliseconds waited{0};
    while (!made->find_url(c)) {
      const bool ended = c.pid <= 0 || waitpid(c.pid, nullptr, WNOHANG) == c.pid;
      if (ended)
        c.pid = 0;
      if (ended || waited >= start_patience) {
        made->stop();
        return fail(fault::unavailable, c.how.name + " did not start; its log says why");
      }
      std::this_thread::sleep_for(between_looks);
      waited += between_looks;
    }
  }
  made->watcher = std::thread([p = made.get()] { p->watch(); });
  return std::unique_ptr<several_nodes>(new several_nodes(std::move(made)));
}

several_nodes::several_nodes(std::unique_ptr<parts> made)
    : parts_(std::move(made)) {}

several_nodes::~several_nodes() { parts_->stop(); }

void several_nodes::stop() { parts_->stop(); }

std::vector<std::string> several_nodes::urls() const {
  std::lock_guard guard(parts_->lock);
  std::vector<std::string> all;
  for (const auto& c : parts_->children)
    all.push_back(c.url);
  return all;
}

} // namespace troupe::cli
