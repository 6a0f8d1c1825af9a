#pragma once

#include "runtime/door/node_api.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace troupe::test {

/// A node without a runtime: answers from what a test put into it, at once and on the asking thread, or later
/// when it was told to hold.
class fake_node : public node_api {
public:
  // What it has; set before anybody asks.
  std::map<std::string, agent_view> agents; // by kind/key
  std::vector<mail_view> mail;
  std::vector<journal::stored_event> events;
  std::vector<journal::stored_dead_letter> letters;
  std::vector<journal::stored_listing> lines;
  node_view itself;
  std::size_t page_max = 1000; // smaller pages than asked for

  /// How the next messages are answered; the default accepts them.
  std::function<result<inject_answer>(const inject_request&)> on_inject;

  /// From now on messages are kept unanswered until `release`.
  void hold();
  void release();
  /// Returns once `count` messages have come in, or false when that takes too long.
  bool wait_for_injects(std::size_t count);

  void become_unready(std::string why);

  std::vector<inject_request> injected() const;
  std::vector<std::string> asked() const; // verbs with their argument: "stop desk/a because tired"

  void inject(inject_request request, answer<inject_answer> done) override;
  void spawn(agent_id id, answer<agent_view> done) override;
  void stop(agent_id id, std::string reason, answer<agent_view> done) override;
  void restart(agent_id id, restart_mode mode, answer<agent_view> done) override;
  void list(agent_query query, answer<journal::page<agent_view>> done) override;
  void inspect(agent_id id, answer<agent_view> done) override;
  void mailbox(agent_id id, std::size_t limit, answer<journal::page<mail_view>> done) override;
  void history(agent_id id, std::string cursor, std::size_t limit,
               answer<journal::page<journal::stored_event>> done) override;
  void dead_letters(std::string cursor, std::size_t limit,
                    answer<journal::page<journal::stored_dead_letter>> done) override;
  void dead_letter(std::string id, answer<journal::stored_dead_letter> done) override;
  void replay_dead_letter(std::string id, answer<inject_answer> done) override;
  void listings(journal::listing_query query, answer<journal::page<journal::stored_listing>> done) override;
  void node(answer<node_view> done) override;
  bool ready(std::string& why) const override;

private:
  struct held_message {
    inject_request request;
    answer<inject_answer> done;
  };

  void note(std::string what);
  result<agent_view> known(const agent_id& id) const;
  result<inject_answer> answer_to(const inject_request& request);

  mutable std::mutex guard_;
  std::condition_variable came_;
  bool holding_ = false;
  std::vector<held_message> held_;
  std::vector<inject_request> injected_;
  std::vector<std::string> asked_;
  std::string unready_;
};

} // namespace troupe::test
