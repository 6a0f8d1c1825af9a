#pragma once

#include <string>

namespace troupe::workflow {

/// The JSON Schema of workflow and agent files for editors, made of the grammar's tables:
/// config/schema/workflow.schema.json.
std::string editor_schema();

/// The generated half of docs/workflow-language.md: every verb, attribute and key.
std::string language_reference();

} // namespace troupe::workflow
