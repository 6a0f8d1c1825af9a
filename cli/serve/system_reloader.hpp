#pragma once

#include "config/result.hpp"
#include "runtime/base/json_fwd.hpp"

#include <functional>
#include <memory>

namespace troupe::cli {

/// Reads files again on a thread of its own: whoever asks must not wait for a disk. One reading at a time, in
/// the order asked for.
class reloader {
public:
  explicit reloader(std::function<result<json>()> read);
  /// Those who still wait are told that it ends.
  ~reloader();

  void ask(std::function<void(result<json>)> done);

private:
  class room;
  std::unique_ptr<room> room_;
};

} // namespace troupe::cli
