#pragma once

#include "config/result.hpp"
#include "runtime/effects/executor.hpp"
#include "runtime/secrets/secret_vault.hpp"

#include <cstddef>
#include <map>
#include <string>

namespace troupe::builtin {

/// Commands by name, with the absolute path of their program.
using allowed_commands = std::map<std::string, std::string, std::less<>>;

/// "wc=/usr/bin/wc, sort=/usr/bin/sort".
result<allowed_commands> read_allowed_commands(std::string_view text);

struct exec_options {
  allowed_commands commands;
  milliseconds timeout{30'000};
  std::size_t output_bytes = 256 * 1024;
};

/// exec.run: {code, stdout, stderr}. No shell, an empty environment but PATH and LANG, the folder /. Secrets
/// may only be in stdin: arguments are for all processes to see. Any thread.
class exec_executor final : public effect_executor {
public:
  exec_executor(const secret_vault& secrets, clock_source& clock, exec_options how)
      : secrets_(secrets)
      , clock_(clock)
      , how_(std::move(how)) {}
  outcome execute(const effect_request& request, const cancel_token& canceled,
                  progress_sink& progress) override;

private:
  outcome run(const effect_request& request, revealed_secrets& secrets, const cancel_token& canceled);

  const secret_vault& secrets_;
  clock_source& clock_;
  exec_options how_;
};

} // namespace troupe::builtin
