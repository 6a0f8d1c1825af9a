#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace troupe::gateway {

/// One finished request, as the access log and the metrics see it. Never holds a body or a header's secret.
struct request_record {
  std::string method;
  std::string route; // the template; empty when nothing matched, so that metrics stay few
  std::string path;  // without the query
  unsigned status = 0;
  std::size_t bytes_in = 0;
  std::size_t bytes_out = 0;
  std::chrono::microseconds took{0};
  std::string correlation;
  std::string peer;
};

/// Told about every request once its answer is known. Any thread, several at once; must not block for long.
class request_observer {
public:
  virtual ~request_observer() = default;
  virtual void completed(const request_record& record) = 0;
};

} // namespace troupe::gateway
