#pragma once

#include "actors/models/native/call_marks.hpp"
#include "actors/models/native/form_cache.hpp"
#include "actors/models/native/model_server.hpp"
#include "actors/models/native/native_model.hpp"
#include "actors/models/native/services.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::models {

/// A model that this node runs: its files and the server that puts them to work.
class native_service {
public:
  /// Refused when it does not fit in memory, with the sum.
  static result<std::unique_ptr<native_service>> open(const std::string& name,
                                                      const native_settings& settings, clock_source& clock);

  const std::string& name() const noexcept { return name_; }
  const native_model& model() const noexcept { return *model_; }
  model_server& server() noexcept { return *server_; }
  instant started() const noexcept { return started_; }
  /// What texts of this model can be held to.
  form_cache& forms() noexcept { return forms_; }
  /// Where its calls of tools stand.
  const call_marks& calls() const noexcept { return calls_; }

  /// What stands behind the "+" of an id; empty for the service's own name and for none. `not_found` for ids
  /// of other models. Whether there is such an adapter shows when it is asked for.
  result<std::string> adapter_of(std::string_view id) const;

private:
  native_service(std::string name, std::unique_ptr<native_model> model, std::unique_ptr<model_server> server,
                 instant started)
      : name_(std::move(name))
      , model_(std::move(model))
      , forms_(model_->words())
      , calls_(model_->tools(), model_->words(), forms_.tokens())
      , server_(std::move(server))
      , started_(started) {}

  std::string name_;
  std::unique_ptr<native_model> model_;
  form_cache forms_; // these three use the model's words, and the server the others
  call_marks calls_;
  std::unique_ptr<model_server> server_;
  instant started_;
};

/// The service that an id names: "base" or "base+adapter". Null if there is none.
std::shared_ptr<native_service> find_service(const native_services& all, std::string_view id);

} // namespace troupe::models
