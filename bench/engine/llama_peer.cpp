#include "bench/engine/contender.hpp"

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace troupe::bench {

using namespace kernels;

namespace {

const char* name_of(adapters with) {
  return with == adapters::none ? "base" : with == adapters::one ? "one" : "own";
}

/// A process that is asked in lines and answers in lines.
class process {
public:
  static std::unique_ptr<process> start(std::vector<std::string> words) {
    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0)
      return nullptr;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    std::vector<char*> given;
    for (auto& word : words)
      given.push_back(word.data());
    given.push_back(nullptr);
    pid_t child = 0;
    const int failed = ::posix_spawn(&child, given[0], &actions, nullptr, given.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    if (failed != 0)
      return nullptr;
    return std::unique_ptr<process>(new process(child, ::fdopen(in[1], "w"), ::fdopen(out[0], "r")));
  }

  process(const process&) = delete;
  process& operator=(const process&) = delete;
  ~process() {
    std::fclose(to_);
    std::fclose(from_);
    ::waitpid(child_, nullptr, 0);
  }

  void tell(const std::string& line) {
    std::fputs((line + "\n").c_str(), to_);
    std::fflush(to_);
  }
  /// Empty when it has ended.
  std::string heard() {
    char line[256] = {};
    return std::fgets(line, sizeof line, from_) ? std::string(line) : std::string();
  }

private:
  process(pid_t child, std::FILE* to, std::FILE* from)
      : child_(child)
      , to_(to)
      , from_(from) {}

  pid_t child_;
  std::FILE* to_;
  std::FILE* from_;
};

class llama_contender final : public contender {
public:
  explicit llama_contender(std::unique_ptr<process> peer)
      : peer_(std::move(peer)) {}

  double decode(std::size_t texts, adapters with, std::size_t steps) override {
    return number("decode " + std::to_string(texts) + " " + name_of(with) + " " + std::to_string(steps));
  }
  double prefill(std::size_t tokens, adapters with) override {
    return number("prefill " + std::to_string(tokens) + " " + name_of(with));
  }
  double resident_bytes() override { return number("memory"); }

  std::vector<float> logits(std::span<const token_id> tokens, adapters with) override {
    const auto file = std::filesystem::temp_directory_path() / ("peer_logits." + std::to_string(::getpid()));
    std::string line = "logits " + file.string() + " " + name_of(with);
    for (const auto token : tokens)
      line += " " + std::to_string(token);
    peer_->tell(line);
    peer_->heard();
    std::vector<float> made(std::filesystem::file_size(file) / sizeof(float));
    std::ifstream(file, std::ios::binary)
        .read(reinterpret_cast<char*>(made.data()),
              static_cast<std::streamsize>(made.size() * sizeof(float)));
    std::filesystem::remove(file);
    return made;
  }

private:
  double number(const std::string& line) {
    peer_->tell(line);
    return std::stod(peer_->heard());
  }

  std::unique_ptr<process> peer_;
};

} // namespace

result<std::unique_ptr<contender>> llama_peer(const std::string& folder, const contender_files& files,
                                              std::size_t threads) {
  const auto program = folder + "/llama_peer";
  if (folder.empty() || !std::filesystem::exists(program))
    return fail(fault::not_found, "no llama.cpp to compare with",
                "bench/engine/peer/install.sh FOLDER, then --peer FOLDER");
  std::signal(SIGPIPE, SIG_IGN);
  std::vector<std::string> words{program, folder + "/node_modules/@node-llama-cpp/linux-x64/bins/linux-x64",
                                 std::to_string(threads), files.model};
  words.insert(words.end(), files.adapters.begin(), files.adapters.end());
  auto peer = process::start(std::move(words));
  if (!peer || peer->heard() != "ready\n")
    return fail(fault::unavailable, program + " did not start");
  return std::make_unique<llama_contender>(std::move(peer));
}

} // namespace troupe::bench
