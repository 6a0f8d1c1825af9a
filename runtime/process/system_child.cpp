#include "runtime/process/child.hpp"

#include "runtime/process/descriptor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace troupe {
namespace {

using clock = std::chrono::steady_clock;

constexpr milliseconds look_every{
    20}; // at the cancel token, and whether a child ended whose pipes others hold
constexpr int not_executed = 127;

struct channel {
  descriptor read;
  descriptor write;
};

std::optional<channel> make_channel() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return std::nullopt;
  return channel{descriptor(ends[0]), descriptor(ends[1])};
}

/// The whole input lies ready before the child begins, so that nobody has to feed it.
descriptor make_input(const std::string& text) {
  descriptor file(::memfd_create("input", MFD_CLOEXEC));
  std::size_t written = 0;
  while (file.open() && written < text.size()) {
    const auto n = ::write(file.get(), text.data() + written, text.size() - written);
    if (n < 0)
      return descriptor();
    written += static_cast<std::size_t>(n);
  }
  if (file.open())
    ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

// In the child, before anything else runs: only what is safe after a fork of many threads.

void forget_signals() {
  // The parent's handlers write into its flight recorder: a crash of a child is not the node's.
  for (int signal = 1; signal < NSIG; ++signal)
    ::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Sanitizers and models map terabytes: what counts is what comes on top.
void limit_memory(std::size_t more) {
  unsigned long data_pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "re")) {
    if (std::fscanf(file, "%*u %*u %*u %*u %*u %lu", &data_pages) != 1)
      data_pages = 0;
    std::fclose(file);
  }
  const auto page = static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
  const rlim_t most = data_pages * page + more;
  const rlimit limit{most, most};
  ::setrlimit(RLIMIT_DATA, &limit);
}

void enter_child(int input, int output, int errors, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL); // nobody would read its answer
  if (::getppid() != parent)
    ::_exit(not_executed);
  ::setpgid(0, 0);
  forget_signals();
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  ::close_range(3, ~0U, 0); // locks and sockets of the node are not its children's
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
}

/// One child, watched to its end.
class watched_child {
public:
  watched_child(pid_t pid, descriptor output, descriptor errors, const child_limits& most)
      : pid_(pid)
      , most_(most)
      , end_(clock::now() + most.time) {
    streams_[0].from = std::move(output);
    streams_[1].from = std::move(errors);
    for (auto& s : streams_)
      ::fcntl(s.from.get(), F_SETFL, O_NONBLOCK);
  }

  child_end watch(const cancel_token& canceled) {
    std::optional<child_end::how> stopped;
    while (!stopped && !gone()) {
      wait_for_bytes();
      if (!take(streams_[0]) || !take(streams_[1]))
        stopped = child_end::how::too_large;
      else if (canceled.canceled())
        stopped = child_end::how::canceled;
      else if (clock::now() >= end_)
        stopped = child_end::how::late;
    }
    ::kill(-pid_, SIGKILL); // with whatever it started
    if (!reaped_)
      ::waitpid(pid_, &status_, 0);
    if (!stopped && (!take(streams_[0]) || !take(streams_[1])))
      stopped = child_end::how::too_large;
    return result(stopped);
  }

private:
  struct stream {
    descriptor from;
    std::string bytes;
  };

  /// Both pipes closed means that it ends now; else others may hold them after it has ended.
  bool gone() {
    const bool closed = !streams_[0].from.open() && !streams_[1].from.open();
    if (!reaped_ && ::waitpid(pid_, &status_, WNOHANG) == pid_)
      reaped_ = true;
    return reaped_ || (closed && clock::now() >= end_);
  }

  void wait_for_bytes() {
    std::array<pollfd, 2> asked{pollfd{streams_[0].from.get(), POLLIN, 0},
                                pollfd{streams_[1].from.get(), POLLIN, 0}};
    const auto left = std::chrono::ceil<milliseconds>(end_ - clock::now());
    const bool closed = !streams_[0].from.open() && !streams_[1].from.open();
    const auto most = closed ? milliseconds(1) : look_every;
    ::poll(asked.data(), asked.size(), static_cast<int>(std::clamp(left, milliseconds(0), most).count()));
  }

  /// False when it has written more than it may.
  bool take(stream& s) {
    std::array<char, 16 * 1024> part;
    while (s.from.open()) {
      const auto n = ::read(s.from.get(), part.data(), part.size());
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return true; // nothing more for now
      if (n == 0)
        s.from.close();
      else if (s.bytes.size() + static_cast<std::size_t>(n) > most_.output_bytes)
        return false;
      else
        s.bytes.append(part.data(), static_cast<std::size_t>(n));
    }
    return true;
  }

  child_end result(std::optional<child_end::how> stopped) {
    child_end made;
    made.output = std::move(streams_[0].bytes);
    made.errors = std::move(streams_[1].bytes);
    if (stopped) {
      made.ended = *stopped;
    } else if (WIFSIGNALED(status_)) {
      made.ended = child_end::how::killed;
      made.code = WTERMSIG(status_);
    } else {
      made.ended = child_end::how::exited;
      made.code = WEXITSTATUS(status_);
    }
    return made;
  }

  pid_t pid_;
  const child_limits& most_;
  clock::time_point end_;
  std::array<stream, 2> streams_;
  int status_ = 0;
  bool reaped_ = false;
};

child_end not_started(const std::string& why) {
  child_end made;
  made.problem = why + ": " + std::strerror(errno);
  return made;
}

/// `body` runs in the child and must not return.
template<class Body>
child_end start(const std::string& input, const child_limits& most, const cancel_token& canceled,
                const Body& body) {
  const auto feed = make_input(input);
  auto output = make_channel();
  auto errors = make_channel();
  if (!feed.open() || !output || !errors)
    return not_started("no pipes for a child process");
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0)
    return not_started("no child process can be started");
  if (pid == 0) {
    enter_child(feed.get(), output->write.get(), errors->write.get(), parent);
    body();
    ::_exit(not_executed);
  }
  ::setpgid(pid, pid); // whoever comes first, child or parent: the group must be there before it is killed
  output->write.close();
  errors->write.close();
  return watched_child(pid, std::move(output->read), std::move(errors->read), most).watch(canceled);
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const auto& t : texts)
    out.push_back(const_cast<char*>(t.c_str())); // execve does not write to them
  out.push_back(nullptr);
  return out;
}

} // namespace

child_end run_program(const program& what, const child_limits& most, const cancel_token& canceled) {
  if (::access(what.path.c_str(), X_OK) != 0)
    return not_started(what.path + " cannot be run");
  std::vector<std::string> words{what.path};
  words.insert(words.end(), what.arguments.begin(), what.arguments.end());
  const auto argv = pointers(words);
  const auto environment = pointers(what.environment);
  return start(what.input, most, canceled, [&] {
    if (most.memory_bytes > 0)
      limit_memory(most.memory_bytes);
    if (what.folder.empty() || ::chdir(what.folder.c_str()) == 0)
      ::execve(what.path.c_str(), argv.data(), environment.data());
  });
}

child_end run_apart(const std::function<std::string()>& work, const child_limits& most,
                    const cancel_token& canceled) {
  return start({}, most, canceled, [&] {
    if (most.memory_bytes > 0)
      limit_memory(most.memory_bytes);
    const auto text = work();
    std::size_t written = 0;
    while (written < text.size()) {
      const auto n = ::write(STDOUT_FILENO, text.data() + written, text.size() - written);
      if (n <= 0)
        ::_exit(not_executed);
      written += static_cast<std::size_t>(n);
    }
    ::_exit(0);
  });
}

} // namespace troupe
