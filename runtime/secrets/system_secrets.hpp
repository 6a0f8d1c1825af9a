#pragma once

#include "runtime/secrets/secret_vault.hpp"

#include <filesystem>
#include <string>

namespace troupe {

/// Reads FOLDER/secrets.key, or makes it: 32 random bytes that only the owner may read. Journals of the
/// folder hold references made with it.
result<secret_key> open_secret_key(const std::filesystem::path& folder);

/// FOLDER/NAME, a file per secret as container platforms mount them (its last line break is not part of it),
/// then the variable PREFIXNAME. An empty folder or prefix leaves that place out.
secret_source secrets_of_system(std::string folder, std::string prefix);

} // namespace troupe
