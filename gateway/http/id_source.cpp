#include "gateway/http/id_source.hpp"

#include "runtime/base/system_sources.hpp"
#include "runtime/base/ulid.hpp"

namespace troupe::gateway {

id_source::id_source(std::shared_ptr<clock_source> clock)
    : clock_(std::move(clock))
    , random_(std::make_unique<system_random_source>()) {}

id_source::~id_source() = default;

std::string id_source::draw() { return make_ulid(clock_->now(), *random_); }

} // namespace troupe::gateway
