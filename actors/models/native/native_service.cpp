#include "actors/models/native/native_service.hpp"

#include "kernels/adapters/gguf_adapter.hpp"
#include "kernels/engine/reference_step_engine.hpp"
#include "kernels/engine/serving_engine.hpp"
#include "kernels/model/memory.hpp"

#include <algorithm>

namespace troupe::models {

namespace {

// Without a setting: room for a full batch, within what a laptop can spare.
constexpr std::uint32_t pages_by_default_max = 2'048;

std::uint32_t pages_for(const native_settings& settings, const kernels::model_shape& shape) {
  if (settings.pages > 0)
    return settings.pages;
  const auto context = settings.context > 0 ? std::min(settings.context, shape.context) : shape.context;
  const auto of_one = (context + kernels::page_positions - 1) / kernels::page_positions;
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(std::uint64_t{of_one} * settings.batch, 1,
                                                              std::max(pages_by_default_max, of_one)));
}

result<bool> check_memory(const kernels::model_weights& weights, std::uint32_t pages) {
  const auto positions = std::uint64_t{pages} * kernels::page_positions;
  const kernels::memory_need need{weights.stored_bytes(),
                                  positions * kernels::cache_bytes_per_position(weights.shape), 0};
  const auto available = kernels::available_memory();
  if (!available)
    return tl::unexpected(from_kernels(available.error()));
  if (const auto fits = kernels::check_fits(need, *available); !fits)
    return tl::unexpected(from_kernels(fits.error()));
  return true;
}

result<std::unique_ptr<kernels::step_engine>>
make_engine(const std::shared_ptr<const kernels::model_weights>& weights, const native_settings& settings) {
  const auto pages = pages_for(settings, weights->shape);
  if (settings.exact) {
    if (const auto fits = check_memory(*weights, pages); !fits)
      return tl::unexpected(fits.error());
    return std::make_unique<kernels::reference_step_engine>(weights, pages);
  }
  auto how = kernels::settings_here(pages);
  if (settings.threads > 0)
    how.threads = settings.threads;
  auto quick = kernels::serving_engine::create(weights, how);
  if (!quick)
    return tl::unexpected(from_kernels(quick.error()));
  return std::move(*quick);
}

adapter_loader loader_for(const std::shared_ptr<const kernels::model_weights>& weights) {
  return [weights](const std::string& path) -> kernels::result<std::shared_ptr<const kernels::adapter>> {
    auto made = kernels::load_adapter(path, weights->shape);
    if (!made)
      return kernels::fail(made);
    return std::make_shared<const kernels::adapter>(std::move(*made));
  };
}

server_options options_of(const native_settings& settings) {
  server_options options;
  options.batch.texts_max = settings.batch;
  options.batch.step_tokens_max = std::max(settings.step_tokens, settings.batch);
  options.batch.waiting_max = settings.waiting;
  options.batch.text_max = settings.context > 0 ? settings.context : UINT32_MAX;
  options.adapters.live_max = std::max(settings.live_adapters, 1u);
  options.background = settings.background;
  return options;
}

} // namespace

result<std::unique_ptr<native_service>>
native_service::open(const std::string& name, const native_settings& settings, clock_source& clock) {
  auto model = native_model::open(settings.path);
  if (!model)
    return fail(model.error().what, "model " + name + ": " + model.error().message, model.error().hint);
  const auto& weights = (*model)->weights();
  auto engine = make_engine(weights, settings);
  if (!engine)
    return fail(engine.error().what, "model " + name + ": " + engine.error().message, engine.error().hint);
  auto server = std::make_unique<model_server>(std::move(*engine), &(*model)->words(), loader_for(weights),
                                               clock, options_of(settings));
  for (const auto& [adapter, path] : settings.adapters)
    if (const auto put = server->put_adapter(adapter, path); !put)
      return tl::unexpected(from_kernels(put.error()));
  return std::unique_ptr<native_service>(
      new native_service(name, std::move(*model), std::move(server), clock.now()));
}

result<std::string> native_service::adapter_of(std::string_view id) const {
  if (id.empty() || id == name_)
    return std::string();
  if (!id.starts_with(name_ + "+"))
    return fail(fault::not_found, "there is no model \"" + std::string(id) + "\"; this is " + name_);
  return std::string(id.substr(name_.size() + 1));
}

std::shared_ptr<native_service> find_service(const native_services& all, std::string_view id) {
  const auto found = all.find(id.substr(0, id.find('+')));
  return found == all.end() ? nullptr : found->second;
}

} // namespace troupe::models
