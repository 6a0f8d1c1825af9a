#include "config/diagnostic/codes.hpp"

#include <array>

namespace troupe::config {
namespace {

constexpr std::array entries{
    code_entry{codes::not_utf8, "The file is not UTF-8. Save it as UTF-8; UTF-16 and Latin-1 are not read."},
    code_entry{codes::syntax, "The text is not YAML 1.2 (or JSON). Nothing after this place was read."},
    code_entry{codes::duplicate_key,
               "A key is given twice in one map. Which one was meant cannot be guessed; "
               "remove one."},
    code_entry{codes::unknown_alias, "An alias (`*name`) has no anchor (`&name`) before it in the file."},
    code_entry{codes::alias_to_itself, "An alias stands inside the value that its anchor names."},
    code_entry{codes::bad_tag,
               "A tag (`!name`) is not one of YAML's core tags, or the value does not fit it."},
    code_entry{codes::bad_key, "A key is empty, a list or a map. Keys are text, as in JSON."},
    code_entry{codes::several_documents,
               "The file holds more than one document (`---`). One file, one document."},
    code_entry{codes::too_large, "The file is larger than a document may be (`limits::document_bytes_max`)."},
    code_entry{codes::too_deep, "Lists and maps are nested deeper than a document may be, aliases followed "
                                "(`limits::document_depth_max`)."},
    code_entry{codes::too_many_nodes,
               "There are more values and keys than a document may hold, aliases and merges "
               "followed (`limits::document_nodes_max`)."},
    code_entry{codes::too_much_text, "There is more text than a document may hold, aliases followed "
                                     "(`limits::document_text_bytes_max`)."},
    code_entry{codes::control_character,
               "The file holds a control character that YAML does not allow; in quoted "
               "text write it as an escape, such as \"\\x07\"."},
    code_entry{codes::number_out_of_range,
               "A number does not fit 64 bits. Quote it if it is an id, not a number."},
    code_entry{codes::bad_merge, "The value of a merge key (`<<`) is neither a map nor a list of maps."},
    code_entry{codes::yaml_version, "A %YAML directive asks for another version than 1.2."},
    code_entry{codes::unknown_setting, "There is no setting of that name. `troupe config show` lists them."},
    code_entry{codes::wrong_type,
               "A setting's value has the wrong type, such as text where a number belongs."},
    code_entry{codes::bad_value, "A setting's value cannot be read, or is none of its choices."},
    code_entry{codes::out_of_bounds, "A setting's value is below its minimum or above its maximum."},
    code_entry{codes::set_twice, "One file gives a setting both nested and by its dotted name."},
    code_entry{codes::contradiction, "Two settings, each valid, do not fit together."},
    code_entry{codes::unknown_variable, "An environment variable starts with TROUPE_ but names no setting."},
    code_entry{codes::not_a_map, "A settings file, or a group in it, is not a map of keys to values."},
};

} // namespace

std::span<const code_entry> all_codes() noexcept { return entries; }

std::string render_codes() {
  std::string text = "| code | meaning |\n|---|---|\n";
  for (const code_entry& e : entries)
    text += "| " + std::string(e.code) + " | " + std::string(e.meaning) + " |\n";
  return text;
}

} // namespace troupe::config
