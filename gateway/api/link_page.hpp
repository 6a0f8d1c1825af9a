#pragma once

#include "gateway/api/approval_link.hpp"
#include "gateway/http/message.hpp"
#include "runtime/base/json_fwd.hpp"

#include <string>

namespace troupe::gateway {

/// The page behind a link: what is to be decided, and the buttons. Looking at it decides nothing, for mail
/// programs look at links by themselves.
http_response link_page(const json& approval, const approval_link& link);

/// A page that only says something.
http_response notice_page(unsigned status, const std::string& sentence, const std::string& hint);

} // namespace troupe::gateway
