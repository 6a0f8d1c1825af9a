#pragma once

#include <string_view>

namespace troupe::workflow {

/// Codes of findings about workflows and agent files. Stable, as those of config/.
namespace codes {

inline constexpr std::string_view unknown_key = "TW1001";
inline constexpr std::string_view wrong_kind = "TW1002";
inline constexpr std::string_view missing_key = "TW1003";
inline constexpr std::string_view two_verbs = "TW1004";
inline constexpr std::string_view no_verb = "TW1005";
inline constexpr std::string_view empty = "TW1006";
inline constexpr std::string_view unknown_word = "TW1007";
inline constexpr std::string_view bad_name = "TW1008";
inline constexpr std::string_view bad_duration = "TW1009";
inline constexpr std::string_view out_of_bounds = "TW1010";
inline constexpr std::string_view misplaced_key = "TW1011";
inline constexpr std::string_view one_of = "TW1012";
inline constexpr std::string_view bad_schema = "TW1013";
inline constexpr std::string_view bad_expression = "TW1014";
inline constexpr std::string_view broken_by_yaml = "TW1015";
inline constexpr std::string_view literal_only = "TW1016";
inline constexpr std::string_view arm_after_else = "TW1017";
inline constexpr std::string_view no_language_file = "TW1018";
inline constexpr std::string_view too_large = "TW1019";
inline constexpr std::string_view not_json = "TW1020";

inline constexpr std::string_view id_twice = "TW2001";
inline constexpr std::string_view unknown_step = "TW2002";
inline constexpr std::string_view step_later = "TW2003";
inline constexpr std::string_view step_hidden = "TW2004";
inline constexpr std::string_view secret_outside_with = "TW2005";
inline constexpr std::string_view unknown_variable = "TW2006";
inline constexpr std::string_view bad_undo = "TW2007";
inline constexpr std::string_view break_outside_loop = "TW2008";
inline constexpr std::string_view reserved_name = "TW2009";
inline constexpr std::string_view step_maybe = "TW2010";

inline constexpr std::string_view type_mismatch = "TW2101";
inline constexpr std::string_view unknown_function = "TW2102";
inline constexpr std::string_view no_such_field = "TW2103";
inline constexpr std::string_view not_a_condition = "TW2104";
inline constexpr std::string_view argument_type = "TW2105";
inline constexpr std::string_view argument_missing = "TW2106";
inline constexpr std::string_view argument_unknown = "TW2107";
inline constexpr std::string_view outside_subset = "TW2108";
inline constexpr std::string_view wrong_result = "TW2109";

inline constexpr std::string_view once_without_reconcile = "TW3001";
inline constexpr std::string_view reconcile_without_once = "TW3002";
inline constexpr std::string_view deadline_and_default = "TW3003";
inline constexpr std::string_view unreachable_step = "TW3004";
inline constexpr std::string_view unreachable_arm = "TW3005";
inline constexpr std::string_view bad_schedule = "TW3006";
inline constexpr std::string_view workflow_cycle = "TW3007";
inline constexpr std::string_view approval_required = "TW3008";
inline constexpr std::string_view idle_loop = "TW3009";
inline constexpr std::string_view too_few = "TW3010";
inline constexpr std::string_view too_late = "TW3011";
inline constexpr std::string_view unused_variable = "TW3012";
inline constexpr std::string_view unlikely_kind = "TW3013";
inline constexpr std::string_view unreachable_catch = "TW3014";
inline constexpr std::string_view bad_time_zone = "TW3015";
inline constexpr std::string_view bad_rule = "TW3016";

inline constexpr std::string_view unknown_agent = "TW4001";
inline constexpr std::string_view unknown_action = "TW4002";
inline constexpr std::string_view unknown_workflow = "TW4003";
inline constexpr std::string_view unknown_model = "TW4004";
inline constexpr std::string_view wrong_version = "TW4005";
inline constexpr std::string_view not_allowed_here = "TW4006";
inline constexpr std::string_view defined_twice = "TW4007";

inline constexpr std::string_view unknown_in_test = "TW5001";
inline constexpr std::string_view test_twice = "TW5002";
inline constexpr std::string_view unknown_test = "TW5003";
inline constexpr std::string_view test_input = "TW5004";
inline constexpr std::string_view mock_misfit = "TW5005";

} // namespace codes

} // namespace troupe::workflow
