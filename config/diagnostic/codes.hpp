#pragma once

#include <span>
#include <string>
#include <string_view>

namespace troupe::config {

/// Codes of findings are stable: people search for them and scripts match them. A code never changes its
/// meaning and is never given to something else.
namespace codes {

inline constexpr std::string_view not_utf8 = "TC0100";
inline constexpr std::string_view syntax = "TC0101";
inline constexpr std::string_view duplicate_key = "TC0102";
inline constexpr std::string_view unknown_alias = "TC0103";
inline constexpr std::string_view alias_to_itself = "TC0104";
inline constexpr std::string_view bad_tag = "TC0105";
inline constexpr std::string_view bad_key = "TC0106";
inline constexpr std::string_view several_documents = "TC0107";
inline constexpr std::string_view too_large = "TC0108";
inline constexpr std::string_view too_deep = "TC0109";
inline constexpr std::string_view too_many_nodes = "TC0110";
inline constexpr std::string_view too_much_text = "TC0111";
inline constexpr std::string_view control_character = "TC0112";
inline constexpr std::string_view number_out_of_range = "TC0113";
inline constexpr std::string_view bad_merge = "TC0114";
inline constexpr std::string_view yaml_version = "TC0115";

inline constexpr std::string_view unknown_setting = "TC0201";
inline constexpr std::string_view wrong_type = "TC0202";
inline constexpr std::string_view bad_value = "TC0203";
inline constexpr std::string_view out_of_bounds = "TC0204";
inline constexpr std::string_view set_twice = "TC0205";
inline constexpr std::string_view contradiction = "TC0206";
inline constexpr std::string_view unknown_variable = "TC0207";
inline constexpr std::string_view not_a_map = "TC0208";

} // namespace codes

struct code_entry {
  std::string_view code;
  std::string_view meaning; // what happened and what to do, for `troupe explain CODE` and docs/config.md
};

/// All codes of this folder, ascending.
std::span<const code_entry> all_codes() noexcept;

/// The table of codes in docs/config.md.
std::string render_codes();

} // namespace troupe::config
