#pragma once

#include "runtime/base/time.hpp"

#include <string>

namespace troupe {

/// 26 characters of Crockford base 32: 48 bits of time, 80 of randomness. Sorts by time.
std::string make_ulid(instant now, random_source& random);

/// A stable 26-character name for a text: the same text gives the same name, in ULID's alphabet.
std::string stable_ulid(instant at, const std::string& text);

} // namespace troupe
