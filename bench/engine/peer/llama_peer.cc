// llama.cpp as bench_engine drives it: one command a line on standard input, one answer a line on standard output.
// Built by install.sh against the libraries of npm's node-llama-cpp, not with the project.
//
//   decode BATCH base|one|own STEPS   tokens a second; own: each text its own adapter, a llama_decode for each, which
//                                     is how llama-server serves them
//   prefill TOKENS base|one           tokens a second
//   logits FILE base|one ID...        float32 logits at every position
//   memory                            resident bytes
#include "llama.h"

#include "ggml-backend.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace {

using context_ptr = std::unique_ptr<llama_context, decltype(&llama_free)>;

constexpr int prompt_tokens = 64;

class peer {
public:
  peer(llama_model* model, std::vector<llama_adapter_lora*> adapters, int threads)
      : model_(model)
      , adapters_(std::move(adapters))
      , threads_(threads) {}

  void answer(const std::string& line) {
    std::istringstream words(line);
    std::string what, mode, file;
    words >> what;
    if (what == "decode") {
      int batch = 0, steps = 0;
      words >> batch >> mode >> steps;
      std::printf("%.3f\n", decode(batch, mode, steps));
    } else if (what == "prefill") {
      int tokens = 0;
      words >> tokens >> mode;
      std::printf("%.3f\n", prefill(tokens, mode));
    } else if (what == "logits") {
      words >> file >> mode;
      std::vector<llama_token> tokens;
      for (llama_token token = 0; words >> token;)
        tokens.push_back(token);
      logits(file, mode, tokens);
      std::puts("done");
    } else {
      std::printf("%.0f\n", resident_bytes());
    }
    std::fflush(stdout);
  }

private:
  context_ptr context(int texts, int tokens, bool exact = false) const {
    auto how = llama_context_default_params();
    how.n_seq_max = static_cast<unsigned>(texts);
    how.n_ctx = static_cast<unsigned>((tokens + 255) / 256 * 256 * texts);
    how.n_batch = 2048;
    how.n_ubatch = 512;
    how.n_threads = how.n_threads_batch = threads_;
    how.kv_unified = false;
    if (exact) {
      how.type_k = how.type_v = GGML_TYPE_F32;
      how.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
    }
    return {llama_init_from_model(model_, how), llama_free};
  }

  void use(llama_context* in, int adapter) const {
    if (adapter < 0) {
      llama_set_adapters_lora(in, nullptr, 0, nullptr);
      return;
    }
    llama_adapter_lora* own = adapters_[static_cast<std::size_t>(adapter)];
    float scale = 1;
    llama_set_adapters_lora(in, &own, 1, &scale);
  }

  static void add(llama_batch& to, llama_token token, int position, int text, bool wanted) {
    const auto at = to.n_tokens++;
    to.token[at] = token;
    to.pos[at] = position;
    to.n_seq_id[at] = 1;
    to.seq_id[at][0] = text;
    to.logits[at] = wanted;
  }

  static void run(llama_context* in, const llama_batch& batch) {
    if (llama_decode(in, batch) != 0)
      std::exit(3);
    llama_synchronize(in);
  }

  static double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }

  static int adapter_of(const std::string& mode, int text) { return mode == "base" ? -1 : mode == "one" ? 0 : text; }

  double decode(int texts, const std::string& mode, int steps) const {
    const auto in = context(texts, prompt_tokens + steps + 8);
    auto batch = llama_batch_init(std::max(prompt_tokens, texts), 0, 1);
    for (int text = 0; text < texts; ++text) {
      use(in.get(), adapter_of(mode, text));
      batch.n_tokens = 0;
      for (int i = 0; i < prompt_tokens; ++i)
        add(batch, 7, i, text, i + 1 == prompt_tokens);
      run(in.get(), batch);
    }
    const auto step = [&](int index) {
      if (mode != "own")
        batch.n_tokens = 0;
      for (int text = 0; text < texts; ++text) {
        if (mode == "own") {
          use(in.get(), text);
          batch.n_tokens = 0;
        }
        add(batch, 1 + (index * 31 + text) % 1000, prompt_tokens + index, text, true);
        if (mode == "own" || text + 1 == texts)
          run(in.get(), batch);
      }
    };
    step(0);
    const auto begin = now();
    for (int index = 1; index <= steps; ++index)
      step(index);
    const auto took = now() - begin;
    llama_batch_free(batch);
    return texts * steps / took;
  }

  double prefill(int tokens, const std::string& mode) const {
    const auto in = context(1, tokens + 8);
    use(in.get(), adapter_of(mode, 0));
    auto batch = llama_batch_init(tokens, 0, 1);
    for (int i = 0; i < tokens; ++i)
      add(batch, 1 + i % 1000, i, 0, i + 1 == tokens);
    run(in.get(), batch); // buffers and pages
    llama_memory_clear(llama_get_memory(in.get()), true);
    const auto begin = now();
    run(in.get(), batch);
    const auto took = now() - begin;
    llama_batch_free(batch);
    return tokens / took;
  }

  void logits(const std::string& file, const std::string& mode, const std::vector<llama_token>& tokens) const {
    const auto in = context(1, static_cast<int>(tokens.size()) + 8, true);
    use(in.get(), adapter_of(mode, 0));
    auto batch = llama_batch_init(static_cast<int>(tokens.size()), 0, 1);
    for (std::size_t i = 0; i < tokens.size(); ++i)
      add(batch, tokens[i], static_cast<int>(i), 0, true);
    run(in.get(), batch);
    const auto width = static_cast<std::size_t>(llama_vocab_n_tokens(llama_model_get_vocab(model_)));
    std::ofstream out(file, std::ios::binary);
    for (std::size_t i = 0; i < tokens.size(); ++i)
      out.write(reinterpret_cast<const char*>(llama_get_logits_ith(in.get(), static_cast<int>(i))),
                static_cast<std::streamsize>(width * sizeof(float)));
    llama_batch_free(batch);
  }

  static double resident_bytes() {
    std::ifstream about("/proc/self/statm");
    double pages = 0;
    about >> pages >> pages;
    return pages * 4096;
  }

  llama_model* model_;
  std::vector<llama_adapter_lora*> adapters_;
  int threads_;
};

} // namespace

// LIBRARIES THREADS MODEL ADAPTER...
int main(int count, char** words) {
  if (count < 4)
    return 2;
  llama_log_set(
      [](ggml_log_level level, const char* text, void*) {
        if (level >= GGML_LOG_LEVEL_ERROR)
          std::fputs(text, stderr);
      },
      nullptr);
  ggml_backend_load_all_from_path(words[1]);
  llama_backend_init();
  auto* model = llama_model_load_from_file(words[3], llama_model_default_params());
  if (!model)
    return 1;
  std::vector<llama_adapter_lora*> adapters;
  for (int i = 4; i < count; ++i) {
    adapters.push_back(llama_adapter_lora_init(model, words[i]));
    if (!adapters.back())
      return 1;
  }
  peer ours(model, std::move(adapters), std::stoi(words[2]));
  std::puts("ready");
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);)
    ours.answer(line);
  return 0;
}
