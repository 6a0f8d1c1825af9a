#include "cli/commands/runs/run_input.hpp"

#include <nlohmann/json.hpp>

namespace troupe::cli {

result<json> read_input(const invocation& run, const std::vector<std::string>& given) {
  auto input = json::object();
  for (const auto& part : given) {
    const auto equals = part.find('=');
    if (part.starts_with('@') || part.starts_with('{') || part == "-") {
      auto text = read_argument(run, part);
      if (!text)
        return tl::unexpected(text.error());
      auto whole = json::parse(*text, nullptr, false);
      if (!whole.is_object())
        return fail(fault::invalid, part + " is no JSON object", "--input name=value or --input @file.json");
      input.update(whole);
    } else if (equals == std::string::npos || equals == 0) {
      return fail(fault::invalid, "--input " + part + " is not name=value",
                  "--input name=value or --input @file.json");
    } else {
      auto v = json::parse(part.substr(equals + 1), nullptr, false);
      input[part.substr(0, equals)] = v.is_discarded() ? json(part.substr(equals + 1)) : v;
    }
  }
  return input;
}

} // namespace troupe::cli
