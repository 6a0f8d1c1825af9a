#include "workflows/language/read/test_reader.hpp"

#include "config/expression/moment.hpp"
#include "workflows/language/codes/codes.hpp"
#include "workflows/language/read/plan_reader.hpp"

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;
using expression::value;

/// A test says what is, and computes nothing.
void refuse_expressions(const node& at, reporter& to) {
  if (at.is(node_kind::text) && at.text().find("${{") != std::string_view::npos)
    to.reject(at, codes::literal_only, "no expression can stand here: a test says what is",
              "write the value");
  if (at.is(node_kind::list))
    for (const node& item : at.items())
      refuse_expressions(item, to);
  if (at.is(node_kind::map))
    for (const config::entry& e : at.entries())
      refuse_expressions(e.value, to);
}

class test_reader {
public:
  explicit test_reader(reporter& to)
      : to_(to) {}

  std::shared_ptr<test_plan> read(const node& root) {
    auto made = std::make_shared<test_plan>();
    made->file = root.in().name();
    made->workflow = text(root, "test");
    test_case shared;
    if (const auto given = map_at(root, "defaults"))
      read_common(*given, shared);
    const auto tests = find(root, "tests");
    if (tests && tests->is(node_kind::list))
      for (const node& at : tests->items())
        if (at.is(node_kind::map))
          made->cases.push_back(read_case(at, shared));
    return made;
  }

private:
  std::optional<node> find(const node& map, std::string_view key) const {
    return plan_reader::find(map, key, to_);
  }
  std::optional<node> map_at(const node& map, std::string_view key) const {
    const auto found = find(map, key);
    return found && found->is(node_kind::map) ? found : std::nullopt;
  }
  std::string text(const node& map, std::string_view key) const {
    return plan_reader::text_at(map, key, to_);
  }
  milliseconds span(const node& map, std::string_view key) const {
    return plan_reader::duration_at(map, key, to_);
  }
  std::optional<milliseconds> span_if_given(const node& map, std::string_view key) const {
    return find(map, key) ? std::optional(span(map, key)) : std::nullopt;
  }

  std::optional<value> literal(const node& map, std::string_view key) {
    const auto found = find(map, key);
    if (!found)
      return std::nullopt;
    refuse_expressions(*found, to_);
    return literal_value(*found);
  }

  test_case read_case(const node& at, const test_case& shared) {
    test_case made = shared;
    made.name = text(at, "name");
    const auto name = at.find("name");
    made.where = name ? name->where() : at.where();
    read_common(at, made);
    if (const auto cancel = map_at(at, "cancel"))
      made.cancel_after = span(*cancel, "after");
    made.until = span_if_given(at, "until");
    if (const auto crash = map_at(at, "crash"))
      made.crash_at_every_record = text(*crash, "at") == "every_record";
    if (const auto expect = map_at(at, "expect"))
      made.expect = read_expect(*expect);
    return made;
  }

  void read_common(const node& at, test_case& into) {
    if (auto input = literal(at, "input"))
      into.input = std::move(*input);
    if (auto event = literal(at, "event"))
      into.event = std::move(*event);
    read_scripts(at, "mocks", into.mocks, [&](const node& one) { return read_mock(one); });
    read_scripts(at, "approvals", into.approvals, [&](const node& one) { return read_vote(one); });
    read_scripts(at, "signals", into.signals, [&](const node& one) { return read_signal(one); });
    if (const auto env = map_at(at, "env"))
      for (const config::entry& e : env->entries()) {
        refuse_expressions(e.value, to_);
        into.env[std::string(e.key.text())] = literal_value(e.value);
      }
    if (const auto by = text(at, "started_by"); !by.empty())
      into.started_by = by;
    if (const auto begins = find(at, "begins"))
      into.begins = read_instant(*begins);
  }

  std::optional<instant> read_instant(const node& at) {
    const auto read = expression::parse_timestamp(at.text());
    if (read)
      return from_ms(read->seconds * 1'000 + read->nanos / 1'000'000);
    to_.reject(at, codes::wrong_kind, "expected an instant, found text", "such as 2026-01-01T08:00:00Z");
    return std::nullopt;
  }

  template<class What, class Read>
  void read_scripts(const node& at, std::string_view key, scripts<What>& into, Read read) {
    const auto found = map_at(at, key);
    if (!found)
      return;
    for (const config::entry& e : found->entries()) {
      std::vector<What> all;
      for (const node& one : e.value.is(node_kind::list) ? e.value.items() : std::vector<node>{e.value})
        if (one.is(node_kind::map))
          all.push_back(read(one));
      into.insert_or_assign(std::string(e.key.text()), std::move(all));
    }
  }

  failure_words read_failure(const node& at) const {
    if (at.is(node_kind::map))
      return {text(at, "kind"), text(at, "message")};
    return {to_.rejected(at) ? "" : std::string(at.text()), {}};
  }

  mock_answer read_mock(const node& at) {
    mock_answer made;
    made.after = span(at, "after");
    if (auto given = literal(at, "returns"))
      made.returns = std::move(*given);
    if (const auto fails = find(at, "fails"))
      made.fails = read_failure(*fails);
    return made;
  }

  scripted_vote read_vote(const node& at) {
    scripted_vote made;
    made.after = span(at, "after");
    made.approved = text(at, "decision") == "approved";
    if (const auto by = text(at, "by"); !by.empty())
      made.by = by;
    if (const auto roles = find(at, "roles"); roles && roles->is(node_kind::list))
      made.roles = texts(*roles);
    made.note = text(at, "note");
    made.edit = literal(at, "edit");
    made.refused = plan_reader::flag_at(at, "refused", to_);
    return made;
  }

  scripted_signal read_signal(const node& at) {
    return {span(at, "after"), literal(at, "body").value_or(value()), text(at, "correlate")};
  }

  static std::vector<std::string> texts(const node& list) {
    std::vector<std::string> all;
    for (const node& item : list.items())
      if (item.is(node_kind::text))
        all.emplace_back(item.text());
    return all;
  }

  std::vector<std::string> texts_at(const node& at, std::string_view key) const {
    const auto found = find(at, key);
    return found && found->is(node_kind::list) ? texts(*found) : std::vector<std::string>();
  }

  expectation read_expect(const node& at) {
    expectation made;
    made.state = text(at, "state");
    made.output = literal(at, "output");
    if (const auto error = find(at, "error"))
      made.error = read_failure(*error);
    if (const auto vars = map_at(at, "vars"))
      for (const config::entry& e : vars->entries())
        made.vars.emplace_back(e.key.text(), literal_value(e.value));
    made.phase = text(at, "phase");
    if (const auto effects = map_at(at, "effects"))
      for (const config::entry& e : effects->entries())
        if (e.value.is(node_kind::integer))
          made.effects[std::string(e.key.text())] = static_cast<std::uint64_t>(e.value.integer());
    if (const auto calls = map_at(at, "calls"))
      for (const config::entry& e : calls->entries())
        made.calls[std::string(e.key.text())] = read_calls(e.value);
    made.path = texts_at(at, "path");
    made.never = texts_at(at, "never");
    made.stuck = text(at, "stuck");
    if (const auto time = map_at(at, "virtual_time")) {
      made.at_least = span_if_given(*time, "at_least");
      made.at_most = span_if_given(*time, "at_most");
    }
    made.same_as = text(at, "same_as");
    return made;
  }

  expected_calls read_calls(const node& at) {
    if (at.is(node_kind::integer))
      return {static_cast<std::uint64_t>(at.integer()), std::nullopt};
    expected_calls made;
    if (!at.is(node_kind::map))
      return made;
    if (const auto times = find(at, "times"); times && times->is(node_kind::integer))
      made.times = static_cast<std::uint64_t>(times->integer());
    made.with = literal(at, "with");
    return made;
  }

  reporter& to_;
};

} // namespace

std::shared_ptr<test_plan> read_tests(const node& root, reporter& to) { return test_reader(to).read(root); }

} // namespace troupe::workflow
