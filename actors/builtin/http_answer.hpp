#pragma once

#include "actors/http/transport.hpp"
#include "runtime/effects/outcome.hpp"
#include "runtime/secrets/secret_vault.hpp"

namespace troupe::builtin {

/// What an answer means for the step. `whom` names the service in messages: its host.
outcome judge_http_answer(const http::http_answer& answer, const std::string& whom,
                          const revealed_secrets& secrets, instant now);

} // namespace troupe::builtin
