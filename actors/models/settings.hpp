#pragma once

#include "actors/models/native/native_settings.hpp"
#include "actors/models/openai_provider.hpp"
#include "actors/models/price.hpp"
#include "config/settings/node_settings.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::models {

/// Where a provider's key is. At most one of the two; none means the service wants no key.
struct key_settings {
  std::string environment; // a variable's name
  std::string file;
};

struct provider_settings {
  std::optional<native_settings> native; // run by this node; then nothing but prices counts below
  openai_settings service;
  key_settings key;
  std::string proxy;
  std::map<std::string, model_price> prices;
};

/// One model at one provider.
struct model_choice {
  std::string provider;
  std::string model;

  bool operator==(const model_choice&) const = default;
};

/// What agents name instead of a model: "default", "fast", "embedding".
struct segment_settings {
  std::vector<model_choice> choices; // the first is asked; the others in order when it cannot answer
  std::optional<double> temperature;
  std::optional<std::int64_t> max_tokens;
};

struct models_settings {
  std::map<std::string, provider_settings> providers;
  std::map<std::string, segment_settings> segments;
};

/// Reads the `models` part of a node's settings, as JSON text. Unknown names are refused with their path;
/// segments must name providers that are there. docs/models.md shows all of it.
result<models_settings> read_models_settings(std::string_view text);

/// The same from a file, YAML or JSON; paths in it are relative to its folder.
result<models_settings> read_models_file(const std::string& path);

/// The one provider and the segment "default" of a node that configures nothing more. A model of its own goes
/// by the name of its file.
models_settings default_models(const config::node_settings::model_settings& node);

/// What a node speaks to: its `models.file`, and the default of the settings where the file names no segment
/// "default".
result<models_settings> models_of(const config::node_settings::model_settings& node);

} // namespace troupe::models
