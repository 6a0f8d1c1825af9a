#pragma once

#include "kernels/engine/step_engine.hpp"
#include "kernels/serving/scheduler.hpp"
#include "runtime/base/time.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace troupe::models {

struct server_options {
  kernels::scheduler_limits batch;
  kernels::registry_limits adapters;
  bool background = true; // threads at idle priority
};

using adapter_loader =
    std::function<kernels::result<std::shared_ptr<const kernels::adapter>>(const std::string& path)>;

/// What a request comes to, piece by piece; the last one carries `end`, or is the reason why there was none.
using hear_update = std::function<void(kernels::result<kernels::text_update>)>;

/// Owns an engine and its scheduler on a thread of its own, and loads adapters on another one. All functions
/// may be called from any thread and return at once unless they say otherwise.
class model_server {
public:
  /// The words (null: tokens only) outlive it.
  model_server(std::unique_ptr<kernels::step_engine> engine, const kernels::tokenizer* words,
               adapter_loader load, clock_source& clock, server_options options);
  /// Ends what is under way as canceled; every `hear` has had its last call then.
  ~model_server();
  model_server(const model_server&) = delete;
  model_server& operator=(const model_server&) = delete;

  using ticket = std::uint64_t;
  /// `hear` is called on the server's thread, in order, and must not block; refusals come that way too.
  ticket ask(kernels::text_request request, hear_update hear);
  /// Nothing if it is over.
  void cancel(ticket which);
  /// The same for those who may outlive the server: nothing then.
  std::function<void(ticket)> canceler() const;

  /// Between two steps; these three wait for it.
  kernels::result<kernels::done> put_adapter(const std::string& name, const std::string& path);
  kernels::result<kernels::done> remove_adapter(const std::string& name);
  kernels::result<kernels::done> pin_adapter(const std::string& name, bool pinned);

  /// As of the last change to them; whether they are live may have changed since.
  std::vector<kernels::adapter_registry::entry_view> adapters() const;
  /// As of the last step; `waiting` counts what has not reached the scheduler yet, too.
  kernels::serving_counters counters() const;
  std::uint32_t text_max() const noexcept;

private:
  class state;
  std::unique_ptr<state> state_;
};

} // namespace troupe::models
