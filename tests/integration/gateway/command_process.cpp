#include "tests/integration/gateway/command_process.hpp"

#include "config/result.hpp"

#include <csignal>
#include <filesystem>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

namespace troupe::test {

namespace {

[[noreturn]] void become_command(const std::vector<std::string>& words, const std::string& folder, int out) {
  std::vector<char*> arguments{const_cast<char*>("troupe")}; // execv takes them so and leaves them alone
  for (const auto& word : words)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  if (::chdir(folder.c_str()) == 0 && ::dup2(out, STDOUT_FILENO) >= 0)
    ::execv(TROUPE_BINARY, arguments.data());
  ::_exit(127);
}

} // namespace

command_process::command_process(const std::vector<std::string>& words, const std::string& folder) {
  int ends[2];
  ensure(::pipe(ends) == 0, "pipes can be made");
  pid_ = ::fork();
  ensure(pid_ >= 0, "processes can be started");
  if (pid_ == 0)
    become_command(words, folder, ends[1]);
  ::close(ends[1]);
  out_ = ends[0];
}

command_process::~command_process() {
  ::close(out_);
  if (pid_ < 0)
    return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

std::string command_process::read_line() {
  std::string line;
  char byte = 0;
  while (::read(out_, &byte, 1) == 1 && byte != '\n')
    line += byte;
  return line;
}

void command_process::send_signal(int number) const { ::kill(pid_, number); }

int command_process::wait() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

scratch_folder::scratch_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "troupe-test-XXXXXX").string();
  ensure(::mkdtemp(pattern.data()) != nullptr, "folders can be made");
  path_ = pattern;
}

scratch_folder::~scratch_folder() {
  std::error_code ignored; // what is left lies in the temporary folder
  std::filesystem::remove_all(path_, ignored);
}

} // namespace troupe::test
