#include "workflows/run/lock_agent.hpp"

#include "runtime/base/object.hpp"
#include "runtime/base/text.hpp"
#include "workflows/limits.hpp"
#include "workflows/run/wire.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::workflow {

void lock_agent::apply(const fold_record& record) {
  commands_.clear(); // as in run_agent
  const auto& m = record.message;
  if (record.from == fold_record::source::cancel) { // whoever asked does not wait any more
    const auto asked = [&](const claimant& c) { return c.from.call_key == m.call_key; };
    if (!holder_.run.empty() && asked(holder_))
      return release(std::string(holder_.run));
    std::erase_if(waiting_, asked);
    return;
  }
  if (record.from != fold_record::source::mail)
    return;
  const auto body = from_text(m.body);
  const auto run = body ? text_in(*body, "run") : "";
  if (m.type == "release")
    return release(run);
  if (m.type == "acquire" && m.kind == message_kind::call && !run.empty())
    return acquire({run, {m.from, m.type, m.call_key, m.attempt}, record.time},
                   text_in(*body, "on_conflict"));
  if (auto reply = reply_to(m, fail(fault::invalid, "a lock takes acquire {run} and release {run}")))
    commands_.push_back(std::move(*reply));
}

void lock_agent::acquire(claimant by, const std::string& on_conflict) {
  if (holder_.run.empty() || holder_.run == by.run) {
    holder_ = std::move(by);
    return answer(holder_, value::object({{"granted", value::of(true)}}));
  }
  if (on_conflict == "join" || on_conflict == "reject")
    return refuse(by, on_conflict);
  if (on_conflict == "cancel_running") {
    for (const auto& former : std::exchange(waiting_, {})) {
      auto told = value::object(
          {{"granted", value::of(false)}, {"how", value::text("canceled")}, {"holder", value::text(by.run)}});
      answer(former, told);
    }
    if (const auto to = agent_id::make(self_.tenant(), "workflow", holder_.run)) {
      fold_command c;
      c.what = fold_command::kind::send;
      c.to = *to;
      c.type = "cancel";
      c.body = "{}";
      commands_.push_back(std::move(c));
    }
  }
  if (waiting_.size() >= limits::lock_waiting_max)
    return refuse(by, "full");
  waiting_.push_back(std::move(by));
}

void lock_agent::release(const std::string& run) {
  if (holder_.run != run)
    std::erase_if(waiting_, [&](const claimant& c) { return c.run == run; });
  else
    next();
}

void lock_agent::next() {
  holder_ = {};
  if (waiting_.empty())
    return;
  holder_ = std::move(waiting_.front());
  waiting_.pop_front();
  answer(holder_, value::object({{"granted", value::of(true)}}));
}

void lock_agent::refuse(const claimant& to, const std::string& how) {
  answer(to, value::object({{"granted", value::of(false)},
                            {"how", value::text(how)},
                            {"holder", value::text(holder_.run)}}));
}

void lock_agent::answer(const claimant& to, const value& what) {
  fold_command c;
  c.what = fold_command::kind::reply;
  c.to = to.from.from;
  c.target = to.from.type;
  c.call_key = to.from.call_key;
  c.attempt = to.from.attempt;
  c.answer = outcome::success(to_text(what));
  commands_.push_back(std::move(c));
}

std::string lock_agent::snapshot() const {
  const auto packed = [](const claimant& c) {
    return json::array({c.run, c.from.from.empty() ? "" : c.from.from.text(), c.from.type, c.from.call_key,
                        c.from.attempt, to_ms(c.since)});
  };
  auto waiting = json::array();
  for (const auto& c : waiting_)
    waiting.push_back(packed(c));
  return object("holder", packed(holder_), "waiting", std::move(waiting)).dump();
}

std::string lock_agent::describe() const {
  auto waiting = json::array();
  for (const auto& c : waiting_)
    waiting.push_back(object("run", c.run, "since", to_rfc3339(c.since)));
  auto made = object("holder", json(), "waiting", std::move(waiting));
  if (!holder_.run.empty())
    made["holder"] = object("run", holder_.run, "since", to_rfc3339(holder_.since));
  return made.dump();
}

result<void> lock_agent::restore(std::uint32_t schema, std::string_view snapshot) try {
  if (schema != 1)
    return fail(fault::refused, "a lock of schema " + std::to_string(schema) + " needs a newer troupe");
  const auto claimant_from = [](const json& from) {
    auto id = agent_id::parse(from.at(1).get<std::string>());
    return claimant{from.at(0).get<std::string>(),
                    {id ? *id : agent_id(), from.at(2).get<std::string>(), from.at(3).get<std::string>(),
                     from.at(4).get<std::uint32_t>()},
                    from_ms(from.at(5).get<std::int64_t>())};
  };
  const auto from = read_json(snapshot);
  holder_ = claimant_from(from.at("holder"));
  for (const auto& c : from.at("waiting"))
    waiting_.push_back(claimant_from(c));
  return {};
} catch (const std::exception& e) {
  return fail(fault::corrupt, std::string("a lock's snapshot that cannot be read: ") + e.what());
}

kind_spec lock_kind() {
  auto make = [](const agent_id& self) -> std::unique_ptr<fold_agent> {
    return std::make_unique<lock_agent>(self);
  };
  return kind("workflow.lock").folded(std::move(make)).kept(limits::lock_kept).spec();
}

} // namespace troupe::workflow
