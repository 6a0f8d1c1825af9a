#pragma once

#include "gateway/http/api_error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace troupe::gateway {

/// Without authentication the door is for programs on this machine alone. A web page open on it may still
/// send requests here, also under a name of its own that resolves to 127.0.0.1 (DNS rebinding): so Host must
/// name this machine, Origin (sent by browsers only) must be the very page this node served, and a body must
/// be declared as application/json, which a page cannot do without asking first.

/// Host without its port names this machine: localhost, 127.0.0.0/8, [::1].
bool is_loopback_host(std::string_view host) noexcept;

std::optional<api_error> check_host(const raw_request& request);
std::optional<api_error> check_origin(const raw_request& request);
/// POST, PUT and PATCH must say application/json, whether or not they carry a body.
std::optional<api_error> check_content_type(const raw_request& request);

/// Loopback only: nothing else may be listened on before there is TLS and authentication.
result<std::string> checked_bind_address(std::string_view address);

} // namespace troupe::gateway
