#pragma once

#include "workflows/language/deploy/deployment.hpp"
#include "workflows/rehearsal/known_values.hpp"

#include <string>
#include <vector>

namespace troupe::workflow {

/// One step as it would be done.
struct rehearsed {
  std::size_t depth = 0;
  std::string path; // static: without iterations
  std::string title;
  std::string does;                 // "ask mail.send, once", "when ‹steps.qualify.score >= 60›"
  std::string with;                 // JSON text of its arguments; empty: none
  std::string gives;                // JSON text of its result, where that is known
  std::vector<std::string> remarks; // "fails: …", "only if …"
};

struct rehearsal_input {
  value input;
  value env = value::object({});
  std::string started_by = "you";
};

/// The steps in the order a run would come to them. `around` has agents of files: their tables are judged.
/// invalid: the input does not fit.
result<std::vector<rehearsed>> rehearse(const plan& of, const deployment& around,
                                        const rehearsal_input& given);

std::string render_text(const plan& of, const std::vector<rehearsed>& all);
std::string render_json(const plan& of, const std::vector<rehearsed>& all);

} // namespace troupe::workflow
