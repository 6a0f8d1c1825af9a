// Tokens a second of the native engine beside llama.cpp on the same files, turn by turn in one run; without a
// peer ours alone. See bench/README.md.
#include "bench/engine/report.hpp"
#include "bench/engine/synthetic.hpp"
#include "kernels/convert/convert.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace {

using namespace troupe::bench;
using namespace troupe::kernels;

constexpr std::uint32_t adapter_count = 16;

struct options {
  std::string folder = "bench_engine_files";
  std::string peer;
  dtype type = dtype::q8_0;
  plan how;
};

template<class T>
T must(result<T> made) {
  if (made)
    return std::move(*made);
  std::fprintf(stderr, "%s\n", made.error().message.c_str());
  std::exit(1);
}

options read(int argc, char** argv) {
  options given;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = [&] { return std::string(i + 1 < argc ? argv[++i] : ""); };
    if (word == "--peer")
      given.peer = value();
    else if (word == "--rounds")
      given.how.rounds = std::max(1, std::atoi(value().c_str()));
    else if (word == "--threads")
      given.how.threads = static_cast<std::size_t>(std::max(1, std::atoi(value().c_str())));
    else if (word == "--small")
      given.how.small = true;
    else if (word == "--q4_0")
      given.type = dtype::q4_0;
    else
      given.folder = word;
  }
  return given;
}

/// Written once, read by both engines.
contender_files write_files(options& given) {
  std::filesystem::create_directories(given.folder);
  const auto model = make_model(given.how.small);
  const auto stem = given.folder + "/" + model->name;
  contender_files files{stem + "." + std::string(name_of(given.type)) + ".gguf", {}};
  if (!std::filesystem::exists(files.model))
    must(write_gguf_model(*model, nullptr, {given.type}, files.model));
  for (std::uint32_t i = 0; i < adapter_count; ++i) {
    files.adapters.push_back(stem + ".adapter" + std::to_string(i) + ".gguf");
    if (!std::filesystem::exists(files.adapters.back()))
      must(write_adapter(model->shape, 1'000 * i, files.adapters.back()));
  }
  const auto stored = must(load_model(files.model));
  given.how.step_bytes =
      stored.stored_bytes() - stored.embedding.stored_bytes(); // of which a few rows are read
  given.how.adapter_bytes = std::filesystem::file_size(files.adapters.front());
  return files;
}

template<class Load>
auto timed(const char* who, const Load& load) {
  const auto begin = std::chrono::steady_clock::now();
  auto made = load();
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (made)
    std::printf("%s: loaded with %u adapters in %.2f s, %.0f MB resident\n", who, adapter_count, took,
                (*made)->resident_bytes() / 1e6);
  return made;
}

} // namespace

int main(int argc, char** argv) {
  auto given = read(argc, argv);
  const auto files = write_files(given);
  auto peer = timed("llama.cpp", [&] { return llama_peer(given.peer, files, given.how.threads); });
  if (!peer)
    std::printf("%s (%s)\n", peer.error().message.c_str(), peer.error().hint.c_str());
  const auto ours = must(timed("ours", [&] { return our_engine(files, given.how.threads); }));
  std::printf("%s, %zu threads, %d rounds\n", files.model.c_str(), given.how.threads, given.how.rounds);
  if (peer)
    for (const auto with : {adapters::none, adapters::one})
      compare_logits(*ours, **peer, files.model.c_str(), with);
  compare(*ours, peer ? peer->get() : nullptr, given.how);
  std::printf("resident after it: ours %.0f MB\n", ours->resident_bytes() / 1e6);
  return 0;
}
