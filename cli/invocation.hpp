#pragma once

#include "cli/client/node_client.hpp"
#include "cli/console/printer.hpp"
#include "cli/exit_code.hpp"
#include "cli/surroundings.hpp"
#include "config/settings/settings.hpp"

#include <functional>
#include <map>
#include <string>

namespace troupe::cli {

/// Flags that every command takes.
struct global_flags {
  std::string output = "text";
  bool stream = false;
  bool no_color = false;
  std::string url;                                    // a node elsewhere than where it is looked for
  std::string config_file;                            // instead of ./troupe.yaml
  std::map<std::string, config::given_flag> settings; // by key
};

/// One run of the command: what it was asked, and what it may use.
class invocation {
public:
  using command = std::function<command_result(invocation&)>;

  explicit invocation(surroundings& around)
      : world(around) {}

  surroundings& world;
  global_flags flags;

  void choose(command chosen) { chosen_ = std::move(chosen); }
  bool has_command() const noexcept { return chosen_ != nullptr; }
  command_result run() { return chosen_(*this); }

  printer print() const;

  /// Everything wrong is printed; then unmet.
  tl::expected<config::settings, exit_code> read_settings() const;
  config::setting_sources setting_sources() const;

  /// The node to talk to: --url, TROUPE_URL, the data folder's node.json, the configured port.
  result<node_client> node() const;

  /// A path as the process sees it.
  std::string path(const std::string& given) const;

private:
  std::string variable(const std::string& name) const;
  std::string user_file() const;
  result<std::string> find_url() const;

  command chosen_;
};

/// `@f` is the file's text, `-` standard input's, anything else itself.
result<std::string> read_argument(const invocation& run, const std::string& given);

} // namespace troupe::cli
