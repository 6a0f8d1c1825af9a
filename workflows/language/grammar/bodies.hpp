#pragma once

#include "workflows/language/grammar/shape.hpp"

/// What stands behind the verbs and the larger attributes of a step.
namespace troupe::workflow::grammar {

extern const shape parallel;
extern const shape choice;
extern const shape map_body;
extern const shape loop_body;
extern const shape race_body;
extern const shape approval;
extern const shape decide_body;
extern const shape wait_body;
extern const shape receive_body;
extern const shape workflow_name;
extern const shape emit_body;
extern const shape set_body;
extern const shape fail_body;

extern const shape catch_list;
extern const shape place;
extern const shape output;
extern const shape effect;
extern const shape one_step;
extern const shape cache;
extern const shape supervision;

} // namespace troupe::workflow::grammar
