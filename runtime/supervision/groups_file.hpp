#pragma once

#include "config/diagnostic/diagnostic.hpp"
#include "runtime/supervision/supervision_tree.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace troupe::supervision {

/// Who is supervised how, besides the node's usual policy.
struct supervision_plan {
  std::map<std::string, supervision_policy, std::less<>> kinds; // of agents no group names
  std::vector<group_spec> groups;                               // parents before their children
};

/// Reads the file that `supervision.file` names: `kinds` and `groups`, each with what differs from `usual`.
/// Everything wrong with it goes to `found`; nothing is returned then.
std::optional<supervision_plan> read_supervision(config::source file, const supervision_policy& usual,
                                                 config::diagnostics& found);

/// The tree a node begins with. Refused when a group's children cannot be what the plan says.
result<void> declare(const supervision_plan& plan, supervision_tree& into);

} // namespace troupe::supervision
