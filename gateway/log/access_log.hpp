#pragma once

#include "gateway/http/request_observer.hpp"
#include "gateway/log/log.hpp"

namespace troupe::gateway {

/// One line per request. Operations routes (probes, scrapes) log at debug: they come every few seconds for
/// ever.
class access_log : public request_observer {
public:
  explicit access_log(service_logger logger)
      : logger_(std::move(logger)) {}
  void completed(const request_record& record) override;

private:
  service_logger logger_;
};

} // namespace troupe::gateway
