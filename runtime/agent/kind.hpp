#pragma once

#include "config/result.hpp"
#include "runtime/agent/fold_agent.hpp"
#include "runtime/task/task_run.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <vector>

namespace troupe {

enum class discipline : std::uint8_t {
  exclusive,   // one open task at a time
  interleaved, // many open tasks, turns still one after another
  fold         // state = fold(records), commands = decide(state)
};
std::string_view to_string(discipline d) noexcept;

/// Brings one state document from an older schema to the next one.
using document_upgrade = json (*)(const std::string& key, std::uint32_t from, json body);

/// What a kind of agent is: its handlers and the rules it lives by.
struct kind_spec {
  std::string name;
  discipline how = discipline::exclusive;
  std::uint32_t version = 1; // of the handlers; tasks begun by versions from `oldest_version` can be replayed
  std::uint32_t oldest_version = 1;
  std::uint32_t state_schema = 1;
  document_upgrade upgrade = nullptr;
  std::map<std::string, handler, std::less<>> handlers;
  std::map<std::string, plain_handler, std::less<>> plain_handlers;
  std::uint32_t mailbox_max = 1000;   // pending messages per sender; beyond it the sender gets `overloaded`
  bool own_mailbox_max = false;       // the kind says so; else the node does
  std::uint32_t open_tasks_max = 256; // interleaved only: how many wait at once
  bool records_history = true;
  std::optional<milliseconds> kept; // after its last turn, then it is purged; absent: the node's setting
  fold_factory fold = nullptr;

  const handler* find(std::string_view type) const;
  const plain_handler* find_plain(std::string_view type) const;
};

/// `kind("hello.greeter").on("greet", greet)`.
class kind {
public:
  explicit kind(std::string name) { spec_.name = std::move(name); }
  kind& on(std::string type, handler h) {
    spec_.handlers[std::move(type)] = h;
    return *this;
  }
  kind& on(std::string type, plain_handler h) {
    spec_.plain_handlers[std::move(type)] = h;
    return *this;
  }
  kind& interleaved() {
    spec_.how = discipline::interleaved;
    return *this;
  }
  kind& folded(fold_factory make) {
    spec_.how = discipline::fold;
    spec_.fold = std::move(make);
    return *this;
  }
  kind& versions(std::uint32_t oldest, std::uint32_t newest) {
    spec_.oldest_version = oldest;
    spec_.version = newest;
    return *this;
  }
  kind& schema(std::uint32_t version, document_upgrade upgrade) {
    spec_.state_schema = version;
    spec_.upgrade = upgrade;
    return *this;
  }
  kind& mailbox(std::uint32_t max) {
    spec_.mailbox_max = max;
    spec_.own_mailbox_max = true;
    return *this;
  }
  /// How long an agent with nothing open stays in the store after its last turn.
  kind& kept(milliseconds d) {
    spec_.kept = d;
    return *this;
  }
  kind& without_history() {
    spec_.records_history = false;
    return *this;
  }
  const kind_spec& spec() const noexcept { return spec_; }

private:
  kind_spec spec_;
};

/// The kinds a node can run. Copies are the same registry. Kinds may be added while a node runs and are never
/// taken away: safe to share between threads; the other changes belong before its start.
class kind_registry {
public:
  result<void> add(kind_spec spec);
  const kind_spec* find(std::string_view name) const;
  /// Ascending by name; they live as long as the registry.
  std::vector<const kind_spec*> all() const;

  /// For kinds that do not say themselves.
  void set_mailbox_max(std::uint32_t max);
  /// `name` gets the handlers and versions of `next`, as in a later build; both are registered.
  void replace(std::string_view name, std::string_view next);

  /// Everything registered with `register_kind` in this program.
  static result<kind_registry> of_this_program();

private:
  struct table {
    mutable std::shared_mutex guard;
    std::map<std::string, kind_spec, std::less<>> kinds; // nodes stay where they are
  };
  std::shared_ptr<table> table_ = std::make_shared<table>();
};

/// `static const register_kind greeter(kind("hello.greeter").on("greet", greet));` at namespace scope.
struct register_kind {
  explicit register_kind(const kind& k);
};

} // namespace troupe
