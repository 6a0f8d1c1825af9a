#include "workflows/builtin/jq.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

extern "C" { // jq 1.6 says nothing of C++ itself
#include <jq.h>
}

namespace troupe::workflow {
namespace {

/// One line before the program. `import` and `include` may only stand at the very beginning, so none is left
/// to it; names bound here hide those that reach outside, $ENV among them.
constexpr std::string_view prelude =
    "null as $ENV | def refused(what): error(what + \" is not available here\"); "
    "def env: refused(\"env\"); def input: refused(\"input\"); def inputs: refused(\"inputs\"); "
    "def debug: refused(\"debug\"); def stderr: refused(\"stderr\"); "
    "def halt: refused(\"halt\"); def halt_error: refused(\"halt_error\"); def halt_error(c): "
    "refused(\"halt_error\"); "
    "def input_filename: refused(\"input_filename\"); def input_line_number: refused(\"input_line_number\"); "
    "def modulemeta: refused(\"modulemeta\"); def get_search_list: refused(\"get_search_list\"); "
    "def now: refused(\"now\"); def localtime: refused(\"localtime\"); "
    "def strflocaltime(f): refused(\"strflocaltime\");\n";

struct jq_closer {
  void operator()(jq_state* state) const noexcept { jq_teardown(&state); }
};

/// Takes the value.
std::string text_of(jv v) {
  if (jv_get_kind(v) != JV_KIND_STRING)
    v = jv_dump_string(v, 0);
  std::string made(jv_string_value(v), static_cast<std::size_t>(jv_string_length_bytes(jv_copy(v))));
  jv_free(v);
  return made;
}

void erase_all(std::string& text, std::string_view what) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what))
    text.erase(at, what.size());
}

/// Lines are counted from the program's own first one.
std::string readable(std::string message) {
  erase_all(message, "jq: error: ");
  erase_all(message, " (Unix shell quoting issues?)");
  constexpr std::string_view place = " at <top-level>, line ";
  if (const auto at = message.find(place); at != std::string::npos) {
    const auto number = std::atoi(message.c_str() + at + place.size());
    const auto end = std::min(message.find('\n', at), message.size());
    message.replace(at, end - at, " in line " + std::to_string(std::max(number - 1, 1)));
    message.resize(std::min(message.find('\n'), message.size()));
  }
  return message;
}

void keep_first(void* into, jv message) {
  auto& text = *static_cast<std::string*>(into);
  auto told = text_of(message);
  if (text.empty())
    text = std::move(told);
}

std::string failed(const std::string& message) {
  const nlohmann::json made{{"error", readable(message)}};
  return made.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// What an invalid value says, if it is an error and not the end of the results.
std::string error_of(jv end) {
  if (!jv_invalid_has_msg(jv_copy(end))) {
    jv_free(end);
    return {};
  }
  const auto text = text_of(jv_invalid_get_msg(end));
  return text.empty() ? "an error without words" : text;
}

} // namespace

std::string evaluate_jq(std::string_view program, std::string_view input) {
  const std::unique_ptr<jq_state, jq_closer> state(jq_init());
  if (!state)
    return failed("there is no memory for it");
  std::string complaint;
  jq_set_error_cb(state.get(), keep_first, &complaint);
  const auto text = std::string(prelude) + std::string(program);
  if (text.find('\0') != std::string::npos || !jq_compile(state.get(), text.c_str()))
    return failed(complaint.empty() ? "this is no jq program" : complaint);
  jv given = jv_parse_sized(input.data(), static_cast<int>(input.size()));
  if (!jv_is_valid(given))
    return failed(error_of(given));
  jq_start(state.get(), given, 0);
  std::string made = "{\"results\":[";
  bool first = true;
  jv next = jq_next(state.get());
  for (; jv_is_valid(next); next = jq_next(state.get()), first = false) {
    jv dumped = jv_dump_string(next, 0);
    made += first ? "" : ",";
    made += text_of(dumped);
  }
  const auto wrong = error_of(next);
  return wrong.empty() ? made + "]}" : failed(wrong);
}

} // namespace troupe::workflow
