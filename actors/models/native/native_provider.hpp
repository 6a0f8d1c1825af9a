#pragma once

#include "actors/models/native/native_service.hpp"
#include "actors/models/provider.hpp"

#include <memory>
#include <string>
#include <vector>

namespace troupe::models {

/// The model port over a model of our own. A model's name in a request is the service's, or with "+ADAPTER".
class native_provider final : public model_provider {
public:
  native_provider(std::shared_ptr<native_service> service, clock_source& clock, random_source& random)
      : service_(std::move(service))
      , clock_(clock)
      , random_(random) {}

  provided<answered<chat_reply>> generate(const chat_request& request, const call_scope& scope) override;
  provided<answered<embed_reply>> embed(const embed_request& request, const call_scope& scope) override;

private:
  struct whole_text {
    std::string text;
    kernels::text_end end;
    bool delivered = false;
  };
  std::uint64_t seed_of(const call_scope& scope);
  provided<whole_text> wait(kernels::text_request asked, const call_scope& scope, bool stream);

  std::shared_ptr<native_service> service_;
  clock_source& clock_;
  random_source& random_;
};

/// Local time, for templates that tell the model the date.
std::tm local_time(instant at);

/// To unit length, as services give them: their products are cosines then.
void normalise(std::vector<float>& vector);

} // namespace troupe::models
