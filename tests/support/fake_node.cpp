#include "tests/support/fake_node.hpp"

#include <algorithm>

namespace troupe::test {

namespace {

constexpr std::chrono::seconds patience{10};

/// A cursor of the fake is the number of the next item.
template<class T>
journal::page<T> page_of(const std::vector<T>& all, const std::string& cursor, std::size_t limit) {
  const std::size_t begin = cursor.empty() ? 0 : std::stoul(cursor);
  const auto end = std::min(all.size(), begin + limit);
  journal::page<T> page;
  for (auto i = begin; i < end; ++i)
    page.items.push_back(all[i]);
  if (end < all.size())
    page.next_cursor = std::to_string(end);
  return page;
}

} // namespace

void fake_node::note(std::string what) {
  std::lock_guard lock(guard_);
  asked_.push_back(std::move(what));
}

result<agent_view> fake_node::known(const agent_id& id) const {
  auto found = agents.find(id.text());
  if (found == agents.end())
    return fail(fault::not_found, "no agent " + id.text(), "troupe ps lists all agents");
  return found->second;
}

void fake_node::hold() {
  std::lock_guard lock(guard_);
  holding_ = true;
}

void fake_node::release() {
  std::vector<held_message> waiting;
  {
    std::lock_guard lock(guard_);
    holding_ = false;
    waiting.swap(held_);
  }
  for (auto& message : waiting)
    message.done(answer_to(message.request));
}

bool fake_node::wait_for_injects(std::size_t count) {
  std::unique_lock lock(guard_);
  return came_.wait_for(lock, patience, [&] { return injected_.size() >= count; });
}

void fake_node::become_unready(std::string why) {
  std::lock_guard lock(guard_);
  unready_ = std::move(why);
}

std::vector<inject_request> fake_node::injected() const {
  std::lock_guard lock(guard_);
  return injected_;
}

std::vector<std::string> fake_node::asked() const {
  std::lock_guard lock(guard_);
  return asked_;
}

result<inject_answer> fake_node::answer_to(const inject_request& request) {
  if (on_inject)
    return on_inject(request);
  inject_answer accepted;
  accepted.id = "01MESSAGE";
  accepted.trace = request.trace;
  return accepted;
}

void fake_node::inject(inject_request request, answer<inject_answer> done) {
  {
    std::lock_guard lock(guard_);
    injected_.push_back(request);
    came_.notify_all();
    if (holding_) {
      held_.push_back({std::move(request), std::move(done)});
      return;
    }
  }
  done(answer_to(request));
}

void fake_node::spawn(agent_id id, answer<agent_view> done) {
  note("spawn " + id.text());
  auto found = known(id);
  if (found)
    return done(std::move(found));
  agent_view fresh;
  fresh.id = std::move(id);
  fresh.state = agent_state::idle;
  done(fresh);
}

void fake_node::stop(agent_id id, std::string reason, answer<agent_view> done) {
  note("stop " + id.text() + " because " + reason);
  done(known(id));
}

void fake_node::restart(agent_id id, restart_mode mode, answer<agent_view> done) {
  note("restart " + id.text() + " mode " + std::to_string(static_cast<int>(mode)));
  done(known(id));
}

void fake_node::list(agent_query query, answer<journal::page<agent_view>> done) {
  std::vector<agent_view> fitting;
  for (const auto& [name, agent] : agents)
    if (name.starts_with(query.prefix) && (!query.state || *query.state == agent.state))
      fitting.push_back(agent);
  done(page_of(fitting, query.cursor, std::min(query.limit, page_max)));
}

void fake_node::inspect(agent_id id, answer<agent_view> done) { done(known(id)); }

void fake_node::mailbox(agent_id id, std::size_t limit, answer<journal::page<mail_view>> done) {
  if (auto agent = known(id); !agent)
    return done(tl::unexpected(agent.error()));
  done(page_of(mail, {}, limit));
}

void fake_node::history(agent_id id, std::string cursor, std::size_t limit,
                        answer<journal::page<journal::stored_event>> done) {
  if (auto agent = known(id); !agent)
    return done(tl::unexpected(agent.error()));
  done(page_of(events, cursor, std::min(limit, page_max)));
}

void fake_node::dead_letters(std::string cursor, std::size_t limit,
                             answer<journal::page<journal::stored_dead_letter>> done) {
  done(page_of(letters, cursor, std::min(limit, page_max)));
}

void fake_node::dead_letter(std::string id, answer<journal::stored_dead_letter> done) {
  auto found = std::ranges::find(letters, id, [](const auto& stored) { return stored.letter.id; });
  if (found == letters.end())
    return done(fail(fault::not_found, "no dead letter " + id, "troupe dead-letter list"));
  done(*found);
}

void fake_node::replay_dead_letter(std::string id, answer<inject_answer> done) {
  note("replay " + id);
  dead_letter(id, [done](const result<journal::stored_dead_letter>& found) {
    if (!found)
      return done(tl::unexpected(found.error()));
    inject_answer accepted;
    accepted.id = "01REPLAYED";
    done(accepted);
  });
}

void fake_node::listings(journal::listing_query query, answer<journal::page<journal::stored_listing>> done) {
  journal::page<journal::stored_listing> page;
  for (const auto& line : lines)
    if (line.what.category == query.category && (query.state.empty() || line.what.state == query.state))
      page.items.push_back(line);
  done(std::move(page));
}

void fake_node::node(answer<node_view> done) { done(itself); }

bool fake_node::ready(std::string& why) const {
  std::lock_guard lock(guard_);
  why = unready_;
  return unready_.empty();
}

} // namespace troupe::test
