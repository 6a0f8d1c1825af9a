#pragma once

#include "config/time_zone/zone.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace troupe::time_zone {

/// The zones of the package tzdata, each read when it is first asked for. Safe to share between threads.
class system_zones final : public zone_source {
public:
  explicit system_zones(std::string folder = "/usr/share/zoneinfo");

  result<std::shared_ptr<const zone>> find(std::string_view name) const override;

private:
  result<std::shared_ptr<const zone>> read(std::string_view name) const;
  std::string hint(std::string_view name) const;

  std::string folder_;
  mutable std::mutex guard_;
  mutable std::map<std::string, std::shared_ptr<const zone>, std::less<>> read_;
};

} // namespace troupe::time_zone
