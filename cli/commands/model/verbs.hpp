#pragma once

namespace CLI {
class App;
}

namespace troupe::cli {

class invocation;

/// Each adds one verb below `troupe model`.
void add_model_inspect(CLI::App& group, invocation& run);
void add_model_logits(CLI::App& group, invocation& run);
void add_model_generate(CLI::App& group, invocation& run);
void add_model_check(CLI::App& group, invocation& run);
void add_model_convert(CLI::App& group, invocation& run);
void add_model_quantize(CLI::App& group, invocation& run);
void add_model_tokenize(CLI::App& group, invocation& run);
void add_model_detokenize(CLI::App& group, invocation& run);
void add_model_mask(CLI::App& group, invocation& run);
void add_model_render(CLI::App& group, invocation& run);

} // namespace troupe::cli
