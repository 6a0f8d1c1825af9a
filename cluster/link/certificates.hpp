#pragma once

#include "config/result.hpp"
#include "runtime/base/time.hpp"

#include <string>

namespace troupe::cluster {

/// A certificate and its key, both as PEM.
struct certificate {
  std::string pem;
  std::string key;
};

/// A certificate authority of one's own, for one cluster; good for ten years.
result<certificate> make_authority(const std::string& name, instant now);

/// A node's certificate from that authority, for both ends of a link; good until `until`.
result<certificate> make_node_certificate(const certificate& authority, const std::string& node, instant now,
                                          instant until);

} // namespace troupe::cluster
