// A fold that wires money under `once`: what was in flight at a crash must not be asked for again.
#include "runtime/agent/kind.hpp"
#include "runtime/base/object.hpp"

#include <nlohmann/json.hpp>

namespace troupe::probe {
namespace {

class once_wires final : public fold_agent {
public:
  void apply(const fold_record& record) override {
    if (record.from == fold_record::source::mail)
      ++ordered_;
    else if (record.answer.ok)
      ++paid_;
    else if (record.answer.kind == "unknown_outcome")
      ++unknown_;
    else
      ++refused_;
  }

  std::vector<fold_command> decide(const fold_record& record) override {
    if (record.from != fold_record::source::mail)
      return {};
    fold_command wire;
    wire.what = fold_command::kind::outside;
    wire.id = "wire-" + std::to_string(record.number);
    wire.type = "bank.wire";
    wire.target = "bank";
    wire.body = record.message.body;
    wire.once = true;
    return {wire};
  }

  std::string snapshot() const override {
    return object("ordered", ordered_, "paid", paid_, "unknown", unknown_, "refused", refused_).dump();
  }
  std::uint32_t schema() const override { return 1; }
  result<void> restore(std::uint32_t, std::string_view text) override {
    auto held = json::parse(text, nullptr, false);
    if (!held.is_object())
      return fail(fault::corrupt, "the state of a probe is no JSON");
    ordered_ = held.value("ordered", 0u);
    paid_ = held.value("paid", 0u);
    unknown_ = held.value("unknown", 0u);
    refused_ = held.value("refused", 0u);
    return {};
  }

private:
  unsigned ordered_ = 0;
  unsigned paid_ = 0;
  unsigned unknown_ = 0;
  unsigned refused_ = 0;
};

std::unique_ptr<fold_agent> make_once(const agent_id&) { return std::make_unique<once_wires>(); }

const register_kind once(kind("probe.once").folded(make_once));

} // namespace
} // namespace troupe::probe
