#include "bench/actors/raw_caf.hpp"

#include "bench/actors/resident.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <chrono>
#include <vector>

namespace troupe::bench::raw_caf {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::uint64_t at_once = 1'000; // messages between two looks at its own mailbox
constexpr std::chrono::seconds patience{10};

struct count_state {
  std::uint64_t left = 0;
};

caf::behavior sink(caf::stateful_actor<count_state>* self, std::uint64_t total, caf::actor done) {
  self->state.left = total;
  return {[self, done](std::int64_t) {
    if (--self->state.left > 0)
      return;
    self->send(done, caf::ok_atom::value);
    self->quit();
  }};
}

caf::behavior source(caf::stateful_actor<count_state>* self, caf::actor to, std::uint64_t each) {
  self->state.left = each;
  self->send(self, caf::get_atom::value);
  return {[self, to](caf::get_atom) {
    for (std::uint64_t i = 0; i < at_once && self->state.left > 0; ++i, --self->state.left)
      self->send(to, static_cast<std::int64_t>(i));
    if (self->state.left > 0)
      self->send(self, caf::get_atom::value);
    else
      self->quit();
  }};
}

caf::behavior answerer(caf::event_based_actor*) {
  return {[](std::int64_t n) { return n + 1; }};
}

void ask_again(caf::stateful_actor<count_state>* self, const caf::actor& whom, const caf::actor& done) {
  self->request(whom, patience, std::int64_t{1}).then([self, whom, done](std::int64_t) {
    if (--self->state.left > 0)
      return ask_again(self, whom, done);
    self->send(done, caf::ok_atom::value);
    self->send_exit(whom, caf::exit_reason::user_shutdown);
    self->quit();
  });
}

caf::behavior waits_for_ever(caf::event_based_actor*) {
  return {[](std::int64_t) {}};
}

void wait_for_one(caf::scoped_actor& self) {
  self->receive([](caf::ok_atom) {});
}

double per_second(std::uint64_t count, clock::time_point since) {
  return static_cast<double>(count) / std::chrono::duration<double>(clock::now() - since).count();
}

} // namespace

double tells_per_second(std::size_t senders, std::uint64_t each) {
  caf::actor_system_config defaults;
  caf::actor_system system(defaults);
  caf::scoped_actor self(system);
  const auto me = caf::actor_cast<caf::actor>(self);
  const auto begun = clock::now();
  const auto to = system.spawn(sink, senders * each, me);
  for (std::size_t i = 0; i < senders; ++i)
    system.spawn(source, to, each);
  wait_for_one(self);
  return per_second(senders * each, begun);
}

double asks_per_second(scheduler how, std::uint64_t requests) {
  caf::actor_system_config config;
  if (how == scheduler::shares)
    config.set("scheduler.policy", caf::atom("sharing"));
  caf::actor_system system(config);
  caf::scoped_actor self(system);
  const auto me = caf::actor_cast<caf::actor>(self);
  const auto whom = system.spawn(answerer);
  const auto begun = clock::now();
  system.spawn([=](caf::stateful_actor<count_state>* asker) {
    asker->state.left = requests;
    ask_again(asker, whom, me);
  });
  wait_for_one(self);
  return per_second(requests, begun);
}

crowd idle(std::size_t actors) {
  caf::actor_system_config defaults;
  caf::actor_system system(defaults);
  std::vector<caf::actor> all;
  all.reserve(actors);
  const auto before = resident_bytes();
  const auto begun = clock::now();
  for (std::size_t i = 0; i < actors; ++i)
    all.push_back(system.spawn(waits_for_ever));
  crowd came;
  came.spawned_per_second = per_second(actors, begun);
  came.bytes_each = (resident_bytes() - before) / static_cast<double>(actors);
  return came;
}

} // namespace troupe::bench::raw_caf
