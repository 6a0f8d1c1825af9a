#pragma once

// The only header of ours that lets our types into CAF messages. They stay in the process: nothing here is
// ever serialised (ARCHITECTURE.md §4).

#include "runtime/host/host_input.hpp"
#include "runtime/host/node_input.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::host::host_input)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::host::node_input)
