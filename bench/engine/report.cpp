#include "bench/engine/report.hpp"

#include "kernels/threads/team.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <numeric>

namespace troupe::bench {

using namespace kernels;

namespace {

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// Bytes a second that one pass over more memory than the caches hold reads, by as many threads as the
/// engines have.
double read_bandwidth(std::size_t threads) {
  constexpr std::size_t numbers = 32u << 20;
  static const std::vector<std::uint64_t> data(numbers, 1);
  thread_team team(threads);
  std::vector<std::uint64_t> sums(64);
  const auto begin = std::chrono::steady_clock::now();
  team.share(sums.size(), [&](std::size_t part) {
    const auto count = static_cast<std::ptrdiff_t>(numbers / sums.size());
    const auto from = data.begin() + static_cast<std::ptrdiff_t>(part) * count;
    sums[part] = std::accumulate(from, from + count, std::uint64_t{0});
  });
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return std::accumulate(sums.begin(), sums.end(), std::uint64_t{0}) == numbers ? numbers * 8.0 / took : 0;
}

struct figures {
  std::vector<double> ours;
  std::vector<double> peers;
  std::vector<double> ratios; // of each round: what is near in time has the same neighbours

  double ratio() const { return ratios.empty() ? 0 : median(ratios); }
};

figures measure(int rounds, contender& ours, contender* peer, const std::function<double(contender&)>& of) {
  figures made;
  for (int round = 0; round < rounds; ++round) {
    made.ours.push_back(of(ours));
    if (!peer)
      continue;
    made.peers.push_back(of(*peer));
    made.ratios.push_back(made.ours.back() / made.peers.back());
  }
  return made;
}

void print(const char* what, const figures& of) {
  std::printf("%-34s %8.1f tok/s (best %.1f)", what, median(of.ours), std::ranges::max(of.ours));
  if (!of.peers.empty())
    std::printf("   llama.cpp %8.1f (best %.1f)   ratio %.2f", median(of.peers), std::ranges::max(of.peers),
                of.ratio());
  std::printf("\n");
  std::fflush(stdout);
}

const char* words_of(adapters with) {
  return with == adapters::none ? "no adapter" : with == adapters::one ? "the same adapter" : "each its own";
}

/// What share of the memory's bandwidth a step's bytes take: weights once, and each adapter that is in use.
double bandwidth_share(const plan& how, double rate, std::size_t texts, adapters with, double bandwidth) {
  const auto adapters_read = with == adapters::none ? 0 : with == adapters::one ? 1 : texts;
  const auto bytes = static_cast<double>(how.step_bytes + adapters_read * how.adapter_bytes);
  return rate / static_cast<double>(texts) * bytes / bandwidth;
}

} // namespace

void compare(contender& ours, contender* peer, const plan& how) {
  double alone[2] = {};
  for (const std::size_t texts : {1, 8, 16})
    for (const auto with : {adapters::none, adapters::one, adapters::own}) {
      if (with == adapters::own && texts == 1)
        continue;
      const auto steps = how.small ? 4 : texts == 1 ? 32 : 12;
      const auto made = measure(how.rounds, ours, peer, [&](contender& of) {
        return of.decode(texts, with, static_cast<std::size_t>(steps));
      });
      print(("decode, batch " + std::to_string(texts) + ", " + words_of(with)).c_str(), made);
      const double bandwidth = read_bandwidth(how.threads);
      std::printf("    %.0f %% of the %.1f GB/s that a pass over memory reads now\n",
                  100 * bandwidth_share(how, median(made.ours), texts, with, bandwidth), bandwidth / 1e9);
      if (texts == 1)
        alone[with == adapters::none ? 0 : 1] = std::ranges::max(made.ours);
    }
  std::printf("one adapter at batch 1 costs %.1f %% (of the best rounds)\n", 100 * (1 - alone[1] / alone[0]));
  const std::size_t tokens = how.small ? 64 : 512;
  for (const auto with : {adapters::none, adapters::one})
    print(("prefill " + std::to_string(tokens) + ", " + words_of(with)).c_str(),
          measure(how.rounds, ours, peer, [&](contender& of) { return of.prefill(tokens, with); }));
}

void compare_logits(contender& ours, contender& peer, const char* what, adapters with) {
  std::vector<token_id> tokens(64);
  for (std::size_t i = 0; i < tokens.size(); ++i)
    tokens[i] = static_cast<token_id>((i * 37 + 11) % 4'000);
  const auto wanted = peer.logits(tokens, with);
  const auto made = ours.logits(tokens, with);
  double error = 0, size = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    error += std::pow(static_cast<double>(wanted[i]) - static_cast<double>(made[i]), 2);
    size += std::pow(static_cast<double>(wanted[i]), 2);
  }
  const auto width = static_cast<std::ptrdiff_t>(wanted.size() / tokens.size());
  std::size_t same = 0;
  for (std::ptrdiff_t i = 0; i < std::ssize(tokens); ++i) {
    const auto best = [&](const std::vector<float>& of) {
      return std::max_element(of.begin() + i * width, of.begin() + (i + 1) * width) - of.begin();
    };
    same += best(wanted) == best(made) ? 1 : 0;
  }
  std::printf("logits, %s, %s: NMSE %.2e, likeliest token the same at %zu of %zu positions\n", what,
              words_of(with), error / size, same, tokens.size());
}

} // namespace troupe::bench
