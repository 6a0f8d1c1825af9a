#include "cli/invocation.hpp"

#include "cli/client/node_file.hpp"

#include <filesystem>
#include <fstream>
#include <istream>
#include <iterator>
#include <ostream>

namespace troupe::cli {

namespace fs = std::filesystem;

namespace {

std::optional<config::source> source_of(const std::string& name, const std::string& path) {
  std::ifstream file(path);
  if (path.empty() || !file)
    return std::nullopt;
  return config::source(name, std::string(std::istreambuf_iterator<char>(file), {}));
}

} // namespace

printer invocation::print() const {
  auto format = output_format::text;
  if (flags.stream)
    format = output_format::stream;
  else if (flags.output == "json")
    format = output_format::json;
  const bool colored = world.out_is_terminal && !flags.no_color && variable("NO_COLOR").empty();
  return {world.out, world.err, format, colored};
}

std::string invocation::variable(const std::string& name) const {
  auto found = world.environment.find(name);
  return found == world.environment.end() ? std::string{} : found->second;
}

std::string invocation::path(const std::string& given) const {
  return (fs::path(world.directory) / given).lexically_normal().string();
}

std::string invocation::user_file() const {
  if (auto base = variable("XDG_CONFIG_HOME"); !base.empty())
    return (fs::path(base) / "troupe/config.yaml").string();
  if (auto home = variable("HOME"); !home.empty())
    return (fs::path(home) / ".config/troupe/config.yaml").string();
  return {};
}

config::setting_sources invocation::setting_sources() const {
  config::setting_sources from;
  from.flags = flags.settings;
  from.environment = world.environment;
  const auto name = flags.config_file.empty() ? std::string("./troupe.yaml") : flags.config_file;
  from.project_file = source_of(name, path(name));
  from.user_file = source_of(user_file(), user_file());
  return from;
}

tl::expected<config::settings, exit_code> invocation::read_settings() const {
  const auto from = setting_sources();
  if (!flags.config_file.empty() && !from.project_file) {
    print().failure(
        {fault::not_found, "cannot read " + flags.config_file, "leave --config out for ./troupe.yaml"});
    return tl::unexpected(exit_code::not_found);
  }
  config::diagnostics found;
  auto loaded = config::settings::load(from, found);
  if (!found.empty())
    world.err << config::render_text(found, 1) << std::endl;
  if (!loaded)
    return tl::unexpected(exit_code::unmet);
  return std::move(*loaded);
}

result<std::string> invocation::find_url() const {
  if (!flags.url.empty())
    return flags.url;
  if (auto url = variable("TROUPE_URL"); !url.empty())
    return url;
  config::diagnostics ignored; // a broken file must not keep an operator from a running node; doctor tells it
  auto loaded = config::settings::load(setting_sources(), ignored);
  const auto data = loaded ? loaded->text("data.dir") : std::string("./.troupe");
  auto file = read_node_file(path(data));
  if (!file)
    return tl::unexpected(file.error());
  if (*file && world.process_lives((*file)->pid))
    return (*file)->url;
  return "http://127.0.0.1:" + std::to_string(loaded ? loaded->count("http.port") : 7070);
}

result<node_client> invocation::node() const {
  auto url = find_url();
  if (!url)
    return tl::unexpected(url.error());
  while (url->ends_with('/'))
    url->pop_back();
  return node_client(world.connect(*url), *url);
}

result<std::string> read_argument(const invocation& run, const std::string& given) {
  if (given == "-")
    return std::string(std::istreambuf_iterator<char>(run.world.in), {});
  if (!given.starts_with('@'))
    return given;
  std::ifstream file(run.path(given.substr(1)));
  if (!file)
    return fail(fault::not_found, "cannot read " + given.substr(1), {});
  return std::string(std::istreambuf_iterator<char>(file), {});
}

} // namespace troupe::cli
