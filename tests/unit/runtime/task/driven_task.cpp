#include "tests/unit/runtime/task/driven_task.hpp"

#include "runtime/task/turn_codec.hpp"

#include <array>
#include <ostream>

namespace troupe::test {

driven_task::driven_task(handler run, json input, kind how)
    : input_(std::move(input))
    , how_(how) {
  make(run);
}

driven_task::driven_task(const driven_task& lived, handler run, std::size_t turns)
    : port(lived.port)
    , input_(lived.input_)
    , how_(lived.how_)
    , base_(lived.base_) {
  for (const auto& [key, body] : how_ == kind::exclusive ? base_ : lived.documents.all())
    documents.load(key, body);
  make(run);
  for (std::size_t i = 0; i < std::min(turns, lived.journal.size()); ++i) {
    last = this->run->replay(decode_turn(lived.journal[i]).value());
    journal.push_back(encode(last.record));
    if (last.ended != turn_result::state::suspended)
      return;
  }
}

void driven_task::make(handler h) {
  task_origin origin;
  origin.id = "01HF7YAT00TASK000000000000";
  origin.interleaved = how_ == kind::interleaved;
  origin.message.kind = message_kind::call;
  origin.message.from = agent_id::parse("desk/caller").value();
  origin.message.to = agent_id::parse("desk/self").value();
  origin.message.body = input_.dump();
  run = std::make_unique<task_run>(std::move(origin), h, documents, port);
}

instant driven_task::next_time() const { return first_turn + std::chrono::seconds(run->turns()); }

const turn_result& driven_task::keep(turn_result came) {
  last = std::move(came);
  journal.push_back(encode(last.record));
  return last;
}

const turn_result& driven_task::start() {
  base_ = documents.all();
  return keep(run->start(next_time()));
}

const turn_result& driven_task::answer(const std::string& effect, const json& value) {
  return settle(effect, outcome::success(value.dump()));
}

const turn_result& driven_task::fail_with(const std::string& effect, const std::string& kind) {
  return settle(effect, outcome::failure(kind, "as the test wants it", "desk/other"));
}

const turn_result& driven_task::settle(const std::string& effect, outcome answer) {
  return keep(run->resume(effect, std::move(answer), next_time()));
}

const turn_result& driven_task::cancel() { return keep(run->cancel("the caller left", next_time())); }

std::vector<std::string> driven_task::outstanding() const {
  std::vector<std::string> effects;
  for (const auto* waiting : run->outstanding())
    effects.push_back(waiting->effect);
  return effects;
}

json driven_task::document(std::string_view key) const {
  const auto* found = documents.find(key);
  return found ? json::parse(*found) : json();
}

} // namespace troupe::test

namespace troupe {

std::ostream& operator<<(std::ostream& out, turn_result::state ended) {
  constexpr std::array names{"suspended", "finished", "failed", "crashed", "continued", "diverged"};
  return out << names[static_cast<std::size_t>(ended)];
}

} // namespace troupe
