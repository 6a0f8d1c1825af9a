#pragma once

#include "config/settings/node_settings.hpp"
#include "runtime/journal/shared_store.hpp"
#include "storage/unsafe_options.hpp"

#include <functional>
#include <memory>
#include <string>

namespace troupe::cli {

struct opened_store {
  std::unique_ptr<journal::store> all;
  journal::shared_store* shared = nullptr; // the same, where several nodes may have it open
};

/// The journal that the settings ask for: PostgreSQL where one is named, else SQLite in the data folder.
/// `warn`: what a person should know, while all goes on.
result<opened_store> open_store(const config::node_settings& settings, const storage::unsafe_options& unsafe,
                                bool accept_loss, std::function<void(const std::string&)> warn);

} // namespace troupe::cli
