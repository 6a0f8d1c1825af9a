#pragma once

#include "actors/models/native/services.hpp"
#include "actors/models/settings.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace troupe::models {

/// Everything a node speaks to, and which segment is served by what. Immutable once built.
class provider_registry {
public:
  /// A provider with its prices; what it leans on (a transport) stays alive with it.
  struct service {
    std::shared_ptr<void> base; // declared first: destroyed after the provider that uses it
    std::unique_ptr<model_provider> provider;
    price_table prices;
  };

  /// Every choice of a segment must name a service; a broken promise of the caller's, if not.
  provider_registry(std::map<std::string, service> services, std::map<std::string, segment_settings> segments,
                    native_services natives = {});

  /// Builds the providers that the settings describe: over libcurl, and models of the node's own.
  static result<provider_registry> make(const models_settings& settings, clock_source& clock,
                                        random_source& random, waiter& pause);

  /// Nothing if there is no such segment.
  const segment_settings* segment(const std::string& name) const;
  const service& at(const std::string& provider) const { return services_.at(provider); }

  /// Models that this node runs itself.
  const native_services& natives() const noexcept { return natives_; }

  /// "default, fast": for messages.
  std::string segment_names() const;

private:
  native_services natives_; // outlive the providers before them
  std::map<std::string, service> services_;
  std::map<std::string, segment_settings> segments_;
};

} // namespace troupe::models
