#pragma once

#include "runtime/base/time.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace troupe::cluster {

using node_epoch = std::uint64_t;

/// What nodes say to each other to learn who is there.
struct probe_message {
  enum class what : std::uint8_t { probe = 0, answer = 1, ask_about = 2, found = 3 };
  what kind = what::probe;
  std::uint64_t number = 0;
  node_epoch about = 0; // ask_about, found: the third node
  bool operator==(const probe_message&) const = default;
};

/// Who of the neighbours on the ring answers, directly or through another. Pure.
class probing {
public:
  struct options {
    milliseconds every{500};
    std::size_t neighbours = 3;
    unsigned missed_max = 3; // then others are asked
    std::size_t asked = 2;   // how many others
  };
  struct sent {
    node_epoch to = 0;
    probe_message what;
  };

  probing(options how, node_epoch self)
      : options_(how)
      , self_(self) {}

  /// Probes what is due. After a pause of its own the node forgets whom it missed: it was away, not they.
  void tick(instant now);
  void watch(const std::set<node_epoch>& living);
  void received(node_epoch from, const probe_message& what, instant now);
  void lost(node_epoch peer);

  /// Nodes that answered neither this node nor those it asked: it would vote them dead.
  std::vector<node_epoch> silent() const;
  std::vector<sent> take_sent() { return std::exchange(sent_, {}); }
  instant next_tick() const noexcept { return next_; }

private:
  struct neighbour {
    unsigned missed = 0;
    bool waits = false; // a probe is unanswered
    unsigned asked_rounds = 0;
  };
  struct errand { // a probe on behalf of another
    node_epoch for_node = 0;
    std::uint64_t their_number = 0;
  };

  void probe(node_epoch to, neighbour& n);
  void ask_others(node_epoch about);
  void forget_misses();

  options options_;
  node_epoch self_;
  std::set<node_epoch> living_;
  std::map<node_epoch, neighbour> neighbours_;
  std::map<std::pair<node_epoch, std::uint64_t>, errand> errands_; // by the node probed and the number
  std::vector<sent> sent_;
  std::uint64_t number_ = 0;
  instant next_{};
  instant last_{};
};

} // namespace troupe::cluster
