#include "cli/commands/model/text_lines.hpp"

#include <istream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace troupe::cli {

command_result answer_lines(const invocation& run, bool lines,
                            const std::function<result<json>(const std::string&)>& answer) {
  auto print = run.print();
  if (!lines) {
    const auto answered = answer(std::string(std::istreambuf_iterator<char>(run.world.in), {}));
    if (!answered)
      return tl::unexpected(answered.error());
    print.stream_line(*answered);
    return exit_code::done;
  }
  for (std::string line; std::getline(run.world.in, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos)
      continue;
    const auto answered = answer(line);
    print.stream_line(answered ? *answered : json{{"error", answered.error().message}});
  }
  return exit_code::done;
}

} // namespace troupe::cli
