#include "actors/models/provider_registry.hpp"

#include "actors/http/curl_transport.hpp"
#include "actors/models/native/native_provider.hpp"

namespace troupe::models {
namespace {

key_source key_of(const key_settings& settings) {
  if (!settings.environment.empty())
    return key_from_environment(settings.environment);
  return settings.file.empty() ? no_key() : key_from_file(settings.file);
}

} // namespace

provider_registry::provider_registry(std::map<std::string, service> services,
                                     std::map<std::string, segment_settings> segments,
                                     native_services natives)
    : natives_(std::move(natives))
    , services_(std::move(services))
    , segments_(std::move(segments)) {
  for (const auto& [name, segment] : segments_) {
    ensure(!segment.choices.empty(), "a segment has a model");
    for (const auto& choice : segment.choices)
      ensure(services_.contains(choice.provider), "a segment's provider is registered");
  }
}

result<provider_registry> provider_registry::make(const models_settings& settings, clock_source& clock,
                                                  random_source& random, waiter& pause) {
  std::map<std::string, service> services;
  native_services natives;
  for (const auto& [name, chosen] : settings.providers) {
    if (chosen.native) {
      auto own = native_service::open(name, *chosen.native, clock);
      if (!own)
        return tl::unexpected(own.error());
      std::shared_ptr<native_service> shared = std::move(*own);
      services.emplace(name, service{shared, std::make_unique<native_provider>(shared, clock, random),
                                     price_table(chosen.prices)});
      natives.emplace(name, std::move(shared));
      continue;
    }
    auto transport = std::make_shared<http::curl_transport>(chosen.proxy);
    openai_ports ports{*transport, clock, random, pause, key_of(chosen.key)};
    auto provider = openai_provider::make(chosen.service, std::move(ports));
    if (!provider)
      return tl::unexpected(provider.error());
    services.emplace(name, service{std::move(transport), std::move(*provider), price_table(chosen.prices)});
  }
  return provider_registry(std::move(services), settings.segments, std::move(natives));
}

const segment_settings* provider_registry::segment(const std::string& name) const {
  const auto found = segments_.find(name);
  return found == segments_.end() ? nullptr : &found->second;
}

std::string provider_registry::segment_names() const {
  std::string out;
  for (const auto& [name, segment] : segments_)
    out += (out.empty() ? "" : ", ") + name;
  return out.empty() ? "none" : out;
}

} // namespace troupe::models
