#include "cli/serve/node_process.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace troupe::cli {
namespace {

constexpr std::size_t line_bytes_max = 4'096; // what comes after it is not for us

/// argv and envp, made before the fork: after it only system calls are safe.
struct command_line {
  command_line(const std::vector<std::string>& arguments,
               const std::map<std::string, std::string>& environment)
      : words{"/proc/self/exe"} {
    words.insert(words.end(), arguments.begin(), arguments.end());
    for (const auto& [name, value] : environment)
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

/// It hears no signal of ours and does not outlive us.
[[noreturn]] void become(const command_line& what, int output, pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int s : {SIGINT, SIGTERM})
    std::signal(s, SIG_DFL);
  setpgid(0, 0); // Ctrl-C at the terminal is for us to pass on
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent)
    _exit(1);
  dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  execve(what.argv[0], what.argv.data(), what.envp.data());
  _exit(127);
}

} // namespace

bool node_process::start(const std::vector<std::string>& arguments,
                         const std::map<std::string, std::string>& environment) {
  const command_line what(arguments, environment);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return false;
  descriptor ours(ends[0]);
  const descriptor theirs(ends[1]);
  ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0)
    become(what, theirs.get(), parent);
  if (child < 0)
    return false;
  pid_ = child;
  end_ =
      descriptor(static_cast<int>(::syscall(SYS_pidfd_open, child, 0))); // glibc 2.36 declares it for C only
  output_ = std::move(ours);
  said_.clear();
  return true;
}

std::optional<std::string> node_process::take_line() {
  std::array<char, 512> bytes{};
  for (;;) {
    if (const auto end = said_.find('\n'); end != std::string::npos) {
      auto line = said_.substr(0, end);
      said_.erase(0, end + 1);
      return line;
    }
    const auto n = output_.open() ? ::read(output_.get(), bytes.data(), bytes.size()) : -1;
    if (n == 0)
      output_.close();
    if (n <= 0)
      return std::nullopt;
    if (said_.size() < line_bytes_max)
      said_.append(bytes.data(), static_cast<std::size_t>(n));
  }
}

std::optional<int> node_process::take_end() {
  int status = 0;
  if (!runs() || waitpid(pid_, &status, WNOHANG) != pid_)
    return std::nullopt;
  pid_ = 0;
  end_.close();
  output_.close();
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void node_process::ask_to_end() const {
  if (runs())
    ::kill(pid_, SIGTERM);
}

} // namespace troupe::cli
