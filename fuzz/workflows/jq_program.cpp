// A program up to the first 0xFF, its input after it, as the child process runs them: always {"results"} or
// {"error"}. Whole programs may loop or eat memory, which only the child's limits stop; so what could repeat
// is left out here.
#include "runtime/base/text.hpp"
#include "workflows/builtin/jq.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace {

bool may_repeat(std::string_view program) {
  constexpr std::array words{"def",   "range",  "repeat", "while",        "until",    "recurse", "..",
                             "*",     "limit",  "label",  "reduce",       "foreach",  "test",    "match",
                             "scan",  "sub",    "splits", "combinations", "implode",  "walk",    "env",
                             "ascii", "tojson", "[",      "setpath",      "strptime", "mktime",  "gmtime"};
  for (const std::string_view word : words)
    if (program.find(word) != std::string_view::npos)
      return true;
  return false;
}

} // namespace

/// libjq forgets memory when a program cannot be compiled; the child that runs it ends right after.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace troupe;
  const std::string_view all(reinterpret_cast<const char*>(bytes), size);
  const auto program = all.substr(0, all.find('\xff'));
  if (size > 2'000 || may_repeat(program))
    return 0;
  const auto input = all.substr(std::min(all.size(), program.size() + 1));
  const auto said = read_json(workflow::evaluate_jq(program, input.empty() ? "null" : input));
  if (!said.is_object() || said.contains("results") == said.contains("error"))
    std::abort();
  return 0;
}
