#include "workflows/run/state.hpp"

#include "runtime/base/hash.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

std::string hex(std::uint64_t n) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; n >>= 4)
    text[i] = digits[n & 15];
  return text;
}

} // namespace

const value* run_record::find_var(std::string_view name) const {
  const auto found = std::find_if(vars.begin(), vars.end(), [&](const auto& v) { return v.first == name; });
  return found == vars.end() ? nullptr : &found->second;
}

void run_record::set_var(const std::string& name, value v) {
  const auto found =
      std::find_if(vars.begin(), vars.end(), [&](const auto& held) { return held.first == name; });
  if (found == vars.end())
    vars.emplace_back(name, std::move(v));
  else
    found->second = std::move(v);
}

std::string stable_key(const run_record& run, const instance& step) {
  auto about = run.id + '\x1f' + step.path + '\x1f' + run.key_salt;
  if (step.what->what == verb::agent && step.position > 0) // a repair asks for something else
    about += "\x1frepair " + std::to_string(step.position);
  return hex(stable_hash(about)) + hex(stable_hash(about, 1));
}

} // namespace troupe::workflow
