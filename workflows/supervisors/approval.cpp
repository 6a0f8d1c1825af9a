#include "runtime/base/hash.hpp"
#include "workflows/run/approvals.hpp"
#include "workflows/run/supervisor.hpp"
#include "workflows/run/wire.hpp"
#include "workflows/supervisors/verbs.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

using expression::value_kind;

bool lists(const value& names, const std::string& name) {
  if (names.is(value_kind::text))
    return names.as_text() == name;
  if (!names.is(value_kind::list))
    return false;
  const auto& all = names.items();
  return std::any_of(all.begin(), all.end(),
                     [&](const value& v) { return v.is(value_kind::text) && v.as_text() == name; });
}

/// {role, users, not, quorum}, or the step has given up.
std::optional<value> rule(const approver_rule& from, instance& self, engine& run) {
  std::vector<std::pair<std::string, value>> fields;
  for (const auto& [name, f] : {std::pair("role", &from.role), std::pair("users", &from.users),
                                std::pair("not", &from.not_user), std::pair("quorum", &from.quorum)}) {
    auto v = run.demand(*f, self);
    if (!v)
      return std::nullopt;
    fields.emplace_back(name, std::move(*v));
  }
  return value::object(std::move(fields));
}

std::int64_t quorum(const instance& self) {
  const auto& wanted = part(part(self.local, "by"), "quorum");
  return wanted.is(value_kind::integer) ? std::max<std::int64_t>(wanted.as_int(), 1) : 1;
}

/// A vote for a text that was changed since counts no more.
bool counts(const value& vote) { return !flag_in(vote, "superseded"); }

result<void> may_vote(const instance& self, const approval_vote& what) {
  const auto& by = part(self.local, "by");
  const auto& role = part(by, "role");
  const auto& users = part(by, "users");
  const auto has = [&](const std::string& r) {
    return std::find(what.roles.begin(), what.roles.end(), r) != what.roles.end();
  };
  if (lists(part(by, "not"), what.by))
    return troupe::fail(fault::refused, what.by + " may not decide this: four eyes are wanted",
                        "somebody else has to decide");
  if (!users.is_null() && !lists(users, what.by))
    return troupe::fail(fault::refused, what.by + " is not among those who decide this");
  if (role.is(value_kind::text) && !has("*") && !has(role.as_text()))
    return troupe::fail(fault::refused, what.by + " does not have the role " + role.as_text());
  for (const auto& earlier : part(self.local, "votes").items())
    if (counts(earlier) && part(earlier, "by").as_text() == what.by)
      return troupe::fail(fault::conflict, what.by + " has decided this already");
  return {};
}

/// What was looked at has to be what is there, and a link is good once.
result<void> is_fresh(const instance& self, const approval_vote& what) {
  const auto* links = field(self.local, "links");
  if (links && !what.link.empty() && lists(*links, what.link))
    return troupe::fail(fault::conflict, "this link has been used");
  const auto& revision = part(self.local, "revision");
  if (what.revision && (!revision.is(value_kind::integer) || revision.as_int() != *what.revision))
    return troupe::fail(fault::conflict, "the approval has changed since it was looked at",
                        "look at it again, then decide");
  return {};
}

/// A person decides.
class approval final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    const auto& body = std::get<approval_body>(self.what->body);
    const auto title = run.demand(body.title, self);
    const auto show = title ? run.demand(body.show, self) : std::nullopt;
    const auto edit = show ? run.demand(body.edit, self) : std::nullopt;
    const auto by = edit ? rule(body.by, self, run) : std::nullopt;
    if (!by)
      return;
    self.local = plain(value::object(
        {{"title", *title}, {"show", *show}, {"edit", *edit}, {"by", *by}, {"votes", value::list({})}}));
    revise(self, run);
    self.state = run_state::input_required;
    for (std::size_t i = 0; i < body.remind.size(); ++i)
      run.timer(self, "remind" + std::to_string(i), run.now() + body.remind[i]);
    if (body.escalate_after.count() > 0)
      run.timer(self, "escalate", run.now() + body.escalate_after);
    if (body.deadline.count() > 0)
      run.timer(self, "late", run.now() + body.deadline);
    run.note("approval_opened", self);
  }

  void due(instance& self, std::string_view name, engine& run) const override {
    if (name == "late")
      return late(self, run);
    if (name == "escalate")
      return escalate(self, run);
    const auto& reminded = part(self.local, "reminded");
    const auto before = reminded.is(value_kind::integer) ? reminded.as_int() : 0;
    self.local = with_field(self.local, "reminded", value::of(before + 1));
    run.note("approval_reminded", self);
  }

  static void take(instance& self, const approval_vote& what, engine& run) {
    if (what.approved && what.edited && !expression::equal(*what.edited, text_to_approve(self)))
      change_text(self, *what.edited, run);
    auto votes = part(self.local, "votes").items();
    votes.push_back(value::object({{"by", value::text(what.by)},
                                   {"note", value::text(what.note)},
                                   {"at", value::text(to_rfc3339(run.now()))},
                                   {"approved", value::of(what.approved)}}));
    const auto count = std::count_if(votes.begin(), votes.end(), counts);
    self.local = with_field(self.local, "votes", value::list(std::move(votes)));
    if (!what.link.empty())
      remember_link(self, what.link);
    if (!what.approved || count >= quorum(self))
      decided(self, what.approved ? "approved" : "rejected", what.by, what.note, run);
    else
      run.note("approval_voted", self);
  }

private:
  /// Grows with everything that a decision should have seen, also over a `retry` that opens it anew.
  static void revise(instance& self, const engine& run) {
    const auto& former = part(self.local, "revision");
    const auto least = former.is(value_kind::integer) ? former.as_int() + 1 : 1;
    self.local = with_field(self.local, "revision", value::of(std::max(least, to_ms(run.now()))));
  }

  static const value& text_to_approve(const instance& self) {
    const auto* edited = field(self.local, "edited");
    return edited ? *edited : part(self.local, "edit");
  }

  /// Those who approved the former text have not approved this one.
  static void change_text(instance& self, const value& edited, const engine& run) {
    self.local = with_field(self.local, "edited", edited);
    auto votes = part(self.local, "votes").items();
    for (auto& vote : votes)
      vote = with_field(vote, "superseded", value::of(true));
    self.local = with_field(self.local, "votes", value::list(std::move(votes)));
    revise(self, run);
  }

  static void remember_link(instance& self, const std::string& link) {
    const auto* former = field(self.local, "links");
    auto links = former ? former->items() : std::vector<value>();
    links.push_back(value::text(link));
    self.local = with_field(self.local, "links", value::list(std::move(links)));
  }

  static void decided(instance& self, const std::string& decision, const std::string& by,
                      const std::string& note, engine& run) {
    const auto* edited = field(self.local, "edited");
    const bool approved = decision == "approved";
    std::vector<std::pair<std::string, value>> fields = {
        {"decision", value::text(decision)},
        {"by", value::text(by)},
        {"at", value::text(to_rfc3339(run.now()))},
        {"note", value::text(note)},
        {"edited", edited && approved ? *edited : value()},
        {"diff", edited && approved ? difference(part(self.local, "edit"), *edited) : value::list({})}};
    run.finish(self, value::object(std::move(fields)));
  }

  static void late(instance& self, engine& run) {
    switch (std::get<approval_body>(self.what->body).when_late) {
    case approval_default::approve:
      return decided(self, "approved", "deadline", "nobody decided in time", run);
    case approval_default::reject:
      return decided(self, "rejected", "deadline", "nobody decided in time", run);
    case approval_default::fail:
    case approval_default::none:
      break;
    }
    run.give_up(self, {"timeout", "nobody decided in time", {}});
  }

  static void escalate(instance& self, engine& run) {
    auto to = rule(std::get<approval_body>(self.what->body).escalate_to, self, run);
    if (!to)
      return;
    const auto& former = part(self.local, "by");
    for (const auto* kept : {"not", "quorum"})
      if (part(*to, kept).is_null())
        to = with_field(*to, kept, part(former, kept));
    self.local = with_field(self.local, "by", *to);
    self.local = with_field(self.local, "escalated", value::text(to_rfc3339(run.now())));
    run.note("approval_escalated", self);
  }
};

} // namespace

const supervisor& approval_supervisor() {
  static const approval one;
  return one;
}

std::string approval_id(const run_record& run, const instance& step) {
  static constexpr char digits[] = "0123456789abcdef";
  auto n = stable_hash(step.path);
  std::string text = run.id + '.';
  for (int i = 0; i < 10; ++i, n >>= 4)
    text += digits[n & 15];
  return text;
}

instance* find_approval(run_record& run, const std::string& id) {
  instance* found = nullptr;
  if (run.root)
    each_instance(*run.root, [&](instance& i) {
      if (i.state == run_state::input_required && !i.parked && approval_id(run, i) == id)
        found = &i;
    });
  return found;
}

result<void> vote(const approval_vote& what, engine& run) {
  auto* self = find_approval(run.run(), what.approval);
  if (!self)
    return troupe::fail(fault::conflict, "the approval " + what.approval + " is not open any more",
                        "see troupe approval list");
  if (auto fresh = is_fresh(*self, what); !fresh)
    return fresh;
  if (auto may = may_vote(*self, what); !may)
    return may;
  if (what.edited && part(self->local, "edit").is_null())
    return troupe::fail(fault::invalid, "this approval offers nothing to edit");
  approval::take(*self, what, run);
  return {};
}

} // namespace troupe::workflow
