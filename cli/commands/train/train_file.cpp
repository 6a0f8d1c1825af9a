#include "cli/commands/train/train_file.hpp"

#include "config/diagnostic/codes.hpp"
#include "config/diagnostic/suggestion.hpp"
#include "config/document/document.hpp"

#include <algorithm>
#include <array>

namespace troupe::cli {
namespace {

using config::entry;
using config::node;
using config::node_kind;
namespace codes = config::codes;

constexpr std::array<std::string_view, 16> keys{
    "model", "data",    "held_out",   "out",          "adapter", "epochs",        "batch", "part",
    "rate",  "warm_up", "rate_floor", "weight_decay", "clip",    "checkpointing", "seed",  "threads"};
constexpr std::array<std::string_view, 5> adapter_keys{"targets", "rank", "alpha", "rslora", "dropout"};

constexpr std::int64_t threads_max = 256;

class train_reader {
public:
  explicit train_reader(config::diagnostics& found)
      : found_(found) {}

  train_order read(const node& root) {
    if (!expect(root, node_kind::map, "a map of what to train"))
      return {};
    for (const entry& e : root.entries())
      read_entry(e);
    for (const auto* needed : {"model", "data", "out", "adapter"})
      if (!root.find(needed))
        complain(root, codes::bad_value, "\"" + std::string(needed) + "\" is missing",
                 "docs/training.md shows a whole file");
    return order_;
  }

private:
  void complain(const node& at, std::string_view code, std::string what, std::string hint = {}) {
    found_.add(config::make_error(at.in(), at.where(), code, std::move(what), std::move(hint)));
  }

  bool expect(const node& value, node_kind kind, const std::string& what) {
    if (value.is(kind))
      return true;
    complain(value, codes::wrong_type, "this must be " + what);
    return false;
  }

  void take(const node& value, std::string& into) {
    if (expect(value, node_kind::text, "a text"))
      into = std::string(value.text());
  }

  void take(const node& value, bool& into) {
    if (expect(value, node_kind::boolean, "true or false"))
      into = value.boolean();
  }

  template<class Count>
  void take_count(const node& value, Count& into, std::int64_t least, std::int64_t most) {
    if (!value.is(node_kind::integer))
      return complain(value, codes::wrong_type, "this must be a whole number");
    if (value.integer() < least || value.integer() > most)
      return complain(value, codes::out_of_bounds,
                      "this must be from " + std::to_string(least) + " to " + std::to_string(most));
    into = static_cast<Count>(value.integer());
  }

  void take_number(const node& value, double& into) {
    if (value.is(node_kind::integer) || value.is(node_kind::real))
      into = value.real();
    else
      complain(value, codes::wrong_type, "this must be a number");
  }

  void read_entry(const entry& e) {
    const auto key = e.key.text();
    auto& plan = order_.plan;
    if (std::ranges::find(keys, key) == keys.end())
      unknown(e.key, {keys.begin(), keys.end()});
    else if (key == "adapter")
      read_adapter(e.value);
    else if (key == "checkpointing")
      take(e.value, plan.checkpointing);
    else if (auto* text = text_of(key))
      take(e.value, *text);
    else if (auto* number = number_of(key))
      take_number(e.value, *number);
    else if (key == "threads")
      take_count(e.value, order_.threads, 1, threads_max);
    else
      take_count(e.value,
                 key == "epochs"  ? plan.epochs
                 : key == "batch" ? plan.batch
                 : key == "part"  ? plan.part
                                  : plan.seed,
                 key == "epochs" || key == "batch" ? 1 : 0, key == "seed" ? INT64_MAX : 65'536);
  }

  std::string* text_of(std::string_view key) {
    return key == "model"      ? &order_.model
           : key == "data"     ? &order_.data
           : key == "held_out" ? &order_.held_out
           : key == "out"      ? &order_.out
                               : nullptr;
  }

  double* number_of(std::string_view key) {
    auto& plan = order_.plan;
    return key == "rate"           ? &plan.rate
           : key == "warm_up"      ? &plan.warm_up
           : key == "rate_floor"   ? &plan.rate_floor
           : key == "clip"         ? &plan.clip
           : key == "weight_decay" ? &plan.optimizer.weight_decay
                                   : nullptr;
  }

  void read_adapter(const node& map) {
    if (!expect(map, node_kind::map, "how the adapter is made: targets, rank, alpha"))
      return;
    auto& with = order_.plan.with;
    for (const entry& e : map.entries()) {
      const auto key = e.key.text();
      if (std::ranges::find(adapter_keys, key) == adapter_keys.end())
        unknown(e.key, {adapter_keys.begin(), adapter_keys.end()});
      else if (key == "targets")
        read_targets(e.value);
      else if (key == "rank")
        take_count(e.value, with.rank, 1, 1024);
      else if (key == "rslora")
        take(e.value, with.rank_stabilised);
      else
        take_number(e.value, key == "alpha" ? with.alpha : order_.plan.dropout);
    }
    if (!map.find("targets"))
      complain(map, codes::bad_value, "\"targets\" is missing", "targets: [q_proj, v_proj], or all-linear");
  }

  void read_targets(const node& value) {
    auto& targets = order_.plan.with.targets;
    if (value.is(node_kind::text)) {
      targets.emplace_back(value.text());
      return;
    }
    if (!expect(value, node_kind::list, "a list of modules, or all-linear"))
      return;
    for (const node& item : value.items())
      if (expect(item, node_kind::text, "the name of a module"))
        targets.emplace_back(item.text());
  }

  void unknown(const node& key, std::vector<std::string_view> known) {
    complain(key, codes::unknown_setting, "there is no \"" + std::string(key.text()) + "\" here",
             config::did_you_mean(key.text(), {known.begin(), known.end()}));
  }

  config::diagnostics& found_;
  train_order order_;
};

} // namespace

std::optional<train_order> read_train_file(config::source file, config::diagnostics& found) {
  const auto parsed = config::parse_document(std::move(file), found);
  if (!parsed)
    return std::nullopt;
  auto order = train_reader(found).read(parsed->root());
  if (found.errors() > 0)
    return std::nullopt;
  return order;
}

} // namespace troupe::cli
