#pragma once

#include "config/time_zone/posix_rule.hpp"
#include "config/time_zone/zone.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace troupe::time_zone {

/// A zone as a TZif file (RFC 8536) tells it: changes of the past one by one, then a rule for all years to
/// come.
class tzif_zone final : public zone {
public:
  static result<std::shared_ptr<const tzif_zone>> read(std::string_view bytes);

  std::int32_t offset_at(std::int64_t utc) const noexcept override;
  local_reading read_local(std::int64_t local) const override;
  std::optional<std::int64_t> next_change(std::int64_t from, std::int64_t until) const override;

private:
  std::vector<change> changes_between(std::int64_t from, std::int64_t to) const;

  std::int32_t first_ = 0; // before the first change
  std::vector<change> past_;
  std::optional<posix_rule> later_; // from the last change on
};

} // namespace troupe::time_zone
