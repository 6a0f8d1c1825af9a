#pragma once

#include "config/result.hpp"
#include "runtime/base/json_fwd.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace troupe {

/// A whole node inside a program of one's own: journal under `folder`, every kind the program registers, no
/// HTTP. One thread at a time.
class embedded {
public:
  static result<embedded> start(const std::string& folder);
  embedded(embedded&&) noexcept;
  embedded& operator=(embedded&&) noexcept;
  /// Lets running turns reach the journal, then ends the node.
  ~embedded();

  /// Durable request and answer: `kind/key`, the handler's name, its argument. Waits half a minute.
  result<json> ask(std::string_view agent, std::string type, const json& body);
  /// Durable message; answers once it is on disk.
  result<void> send(std::string_view agent, std::string type, const json& body);

private:
  struct parts;
  explicit embedded(std::unique_ptr<parts> made);
  std::unique_ptr<parts> parts_;
};

} // namespace troupe
