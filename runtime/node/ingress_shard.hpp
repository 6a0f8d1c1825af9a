#pragma once

#include "runtime/agent/mailbox.hpp"
#include "runtime/agent/turn.hpp"
#include "runtime/door/node_api.hpp"

#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace troupe {

/// Look up the deduplication row of a key, then `key_found`.
struct find_key {
  std::string key;
};
/// Tell the outside.
struct answer_outside {
  answer<inject_answer> to;
  result<inject_answer> what;
};
using ingress_action = std::variant<commit_turn, read_pending, find_key, answer_outside>;

/// The sender of messages from outside: an agent `ingress/<shard>` that is the only writer of its callers'
/// keys, so that a repeated key meets its first outcome whatever crashed in between (CORE.md §7). Pure.
class ingress_shard {
public:
  static constexpr std::uint32_t shards = 4; // fixed: which shard owns a key must never change
  static std::uint32_t shard_of(const inject_request& request);
  static agent_id id_of(std::uint32_t shard);

  struct options {
    milliseconds dedupe_window{24 * 3600 * 1000};
    std::size_t waiting_max = 10'000; // callers that wait for a reply; beyond it: overloaded
  };

  ingress_shard(journal::loaded_agent found, random_source& random, options how);

  void inject(inject_request request, answer<inject_answer> done, std::uint32_t pending,
              std::uint32_t pending_max, instant now);
  void key_found(const std::string& key, result<std::optional<journal::agent_row>> row, instant now);
  void deliver(journal::pending_row row, instant now);
  void refilled(lane on, journal::pending_window window, instant now);
  void committed(std::uint64_t turn_number, const journal::receipt& receipt);
  void tick(instant now);
  instant next_wake() const;
  /// Another node has the shard: nobody here will hear of a reply any more.
  void abandon();

  std::vector<ingress_action> take_actions() { return std::exchange(actions_, {}); }
  bool in_flight() const noexcept { return !in_flight_.empty(); }
  const agent_id& id() const noexcept { return found_.id; }
  std::uint64_t birth() const noexcept { return found_.birth; }
  bool over() const noexcept { return over_; }

private:
  struct caller {
    answer<inject_answer> done;
    instant until = never; // waits for a reply until then
    bool waits = false;
  };
  struct accepted { // a message on its way to the journal, or waiting for its reply
    std::string id;
    std::string trace;
    std::string key; // deduplication row; empty: none
    std::uint64_t body_hash = 0;
    bool durable = false;
    std::vector<caller> callers;
  };
  struct lookup {
    struct asked {
      inject_request request;
      caller by;
      bool full = false; // its target has no room
    };
    std::vector<asked> waiting; // same key, asked at the same time
  };
  struct flight {
    std::uint64_t number = 0;
    std::string call;                  // the message that becomes durable
    std::vector<ingress_action> after; // what may be told then
  };

  void accept(inject_request request, caller c, const std::string& key, instant now);
  void repeat(const journal::agent_row& row, const inject_request& request, caller c);
  void attach(accepted& to, caller c);
  void take_replies(instant now);
  void handle_reply(const mail& m, instant now);
  void submit(journal::turn_commit turn, flight f);
  journal::turn_commit new_turn() const;
  void refuse_full(caller& c, const inject_request& request);
  void give(caller& c, result<inject_answer> what);
  void refill();

  journal::loaded_agent found_;
  random_source& random_;
  options options_;
  mailbox mailbox_;
  std::unordered_map<std::string, accepted> calls_;     // by message id: in flight or waited for
  std::unordered_map<std::string, std::string> by_key_; // deduplication key → message id, while in `calls_`
  std::unordered_map<std::string, lookup> lookups_;
  std::deque<flight> in_flight_;
  std::vector<ingress_action> actions_;
  std::size_t waiting_ = 0;
  std::uint64_t next_turn_ = 1;
  bool over_ = false;
};

} // namespace troupe
