#include "cli/commands/model/loading.hpp"

#include "cli/commands/model/kernel_result.hpp"
#include "kernels/adapters/gguf_adapter.hpp"
#include "kernels/model/memory.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace troupe::cli {

namespace {

constexpr std::size_t tokens_max = 1u << 24; // more than any context

result<bool> check_memory(const loaded_model& loaded, std::uint64_t positions) {
  const auto& shape = loaded.model->shape;
  positions = std::min(positions, loaded.adapters.size() * std::uint64_t{shape.context}); // no text is longer
  kernels::memory_need need{loaded.model->stored_bytes(),
                            positions * kernels::cache_bytes_per_position(shape), 0};
  for (const auto& adapter : loaded.adapters)
    need.adapters += adapter ? adapter->parameters() * sizeof(float) : 0;
  const auto available = kernels::available_memory();
  if (!available)
    return failed(available);
  if (const auto fits = kernels::check_fits(need, *available); !fits)
    return failed(fits);
  return true;
}

} // namespace

result<loaded_model> load(const invocation& run, const std::string& model,
                          const std::vector<std::string>& adapters, std::uint64_t positions) {
  auto weights = kernels::load_model(run.path(model));
  if (!weights)
    return failed(weights);
  loaded_model loaded{std::make_shared<const kernels::model_weights>(std::move(*weights)), {}};
  for (const auto& name : adapters) {
    if (name == "none") {
      loaded.adapters.push_back(nullptr);
      continue;
    }
    auto adapter = kernels::load_adapter(run.path(name), loaded.model->shape);
    if (!adapter)
      return failed(adapter);
    loaded.adapters.push_back(std::make_shared<const kernels::adapter>(std::move(*adapter)));
  }
  if (const auto fits = check_memory(loaded, positions); !fits)
    return tl::unexpected(fits.error());
  return loaded;
}

result<std::vector<kernels::token_id>> read_tokens(const invocation& run, const std::string& given) {
  const auto text = read_argument(run, given);
  if (!text)
    return tl::unexpected(text.error());
  std::vector<kernels::token_id> tokens;
  const char* at = text->data();
  const char* end = at + text->size();
  while (true) {
    while (at != end &&
           (*at == ',' || *at == '[' || *at == ']' || std::isspace(static_cast<unsigned char>(*at))))
      ++at;
    if (at == end)
      break;
    kernels::token_id token = 0;
    const auto read = std::from_chars(at, end, token);
    if (read.ec != std::errc() || tokens.size() == tokens_max)
      return fail(fault::invalid,
                  "\"" + std::string(at, std::min<std::size_t>(20, static_cast<std::size_t>(end - at))) +
                      "\" is no token id",
                  "--ids 1,2,3 or --ids @FILE");
    tokens.push_back(token);
    at = read.ptr;
  }
  if (tokens.empty())
    return fail(fault::invalid, "there is no token id in \"" + given + "\"", "--ids 1,2,3 or --ids @FILE");
  return tokens;
}

kernels::precision precision_of(const std::string& name) {
  return name == "serving" ? kernels::precision::serving : kernels::precision::f32;
}

} // namespace troupe::cli
