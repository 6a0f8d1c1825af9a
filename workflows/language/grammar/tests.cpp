#include "workflows/language/grammar/tests.hpp"

#include "workflows/language/grammar/common.hpp"

#include <array>

namespace troupe::workflow::grammar {
namespace {

constexpr shape label{.is = form::label};

constexpr std::array failure_keys{
    key{"kind", &kind_name, true, "The error kind."},
    key{"message", &plain_text, false, "One sentence."},
};
constexpr shape failure_map{.is = form::map, .keys = failure_keys};
constexpr std::array<const shape*, 2> failure_choices{&kind_name, &failure_map};
constexpr shape failure{.is = form::either, .choices = failure_choices};

constexpr std::array mock_keys{
    key{"returns", &any_value, false, "The answer."},
    key{"fails", &failure, false, "Or the error kind it fails with, or `{kind, message}`."},
    key{"after", &duration, false, "How long it takes, in virtual time."},
};
constexpr shape mock{.is = form::map, .keys = mock_keys, .one_of = "returns fails"};
constexpr shape mock_sequence{.is = form::one_or_many, .of = &mock, .least = 1, .most = 1'000};
constexpr shape mocks{.is = form::named, .of = &mock_sequence};

constexpr shape decision{.is = form::word, .words = "approved rejected"};
constexpr shape roles{.is = form::list, .of = &plain_text};
constexpr std::array vote_keys{
    key{"decision", &decision, true, "What the person says."},
    key{"after", &duration, false, "How long after the approval opened."},
    key{"by", &plain_text, false, "Who; else `approver`."},
    key{"roles", &roles, false, "Which roles that person has; else all."},
    key{"note", &plain_text, false, "What the person writes."},
    key{"edit", &any_value, false, "What the person makes of `edit.value`."},
    key{"refused", &flag, false, "The person may not: the decision has to be refused."},
};
constexpr shape vote{.is = form::map, .keys = vote_keys};
constexpr shape votes{.is = form::one_or_many, .of = &vote, .least = 1, .most = 1'000};
constexpr shape approvals{.is = form::named, .of = &votes};

constexpr std::array signal_keys{
    key{"after", &duration, false, "How long after the run began."},
    key{"body", &any_value, false, "What it says."},
    key{"correlate", &plain_text, false, "The value that `receive.correlate` has to give."},
};
constexpr shape signal{.is = form::map, .keys = signal_keys};
constexpr shape signal_sequence{.is = form::one_or_many, .of = &signal, .least = 1, .most = 1'000};
constexpr shape signals{.is = form::named, .of = &signal_sequence};

constexpr std::array cancel_keys{
    key{"after", &duration, true, "How long after the run began."},
};
constexpr shape cancel{.is = form::map, .keys = cancel_keys};

constexpr shape crash_point{.is = form::word, .words = "every_record"};
constexpr std::array crash_keys{
    key{"at", &crash_point, true,
        "`every_record`: the process dies after each; state, output, error and effects are to be the same."},
};
constexpr shape crash{.is = form::map, .keys = crash_keys};

constexpr shape run_states{.is = form::word,
                           .words = "completed failed canceled rejected working input_required"};
constexpr shape times{.is = form::count, .least = 0, .most = 1'000'000};
constexpr std::array call_keys{
    key{"times", &times, false, "How often."},
    key{"with", &any_value, false,
        "What each of them was asked with; fields that are not named may be there."},
};
constexpr shape call_map{.is = form::map, .keys = call_keys, .least = 1};
constexpr std::array<const shape*, 2> call_choices{&times, &call_map};
constexpr shape call{.is = form::either, .choices = call_choices};
constexpr shape calls{.is = form::named, .of = &call, .least = 1};
constexpr shape effects{.is = form::named, .of = &times, .least = 1};
constexpr shape places{.is = form::list, .of = &plain_text, .least = 1};
constexpr std::array time_keys{
    key{"at_least", &duration, false, "The run took no less."},
    key{"at_most", &duration, false, "The run took no more."},
};
constexpr shape virtual_time{.is = form::map, .keys = time_keys, .least = 1};

constexpr std::array expect_keys{
    key{"state", &run_states, false, "The run's state when nothing more happens."},
    key{"output", &any_value, false, "The run's output; fields that are not named may be there."},
    key{"error", &failure, false,
        "The kind of the run's error, or `{kind, message}` with a part of its text."},
    key{"vars", &named_values, false, "Variables when it ended."},
    key{"phase", &plain_text, false, "The last phase."},
    key{"effects", &effects, false, "By `agent.action`: how many took place, each counted once."},
    key{"calls", &calls, false, "By step or `agent.action`: how often it was asked, and with what."},
    key{"path", &places, false, "Steps that ran, in this order; others may lie between."},
    key{"never", &places, false, "Steps that did not run."},
    key{"stuck", &plain_text, false, "The step that waits for a person to help."},
    key{"virtual_time", &virtual_time, false, "How long the run took."},
    key{"same_as", &plain_text, false, "The name of a test: state, output, error and effects are the same."},
};
constexpr shape expect{.is = form::map, .keys = expect_keys, .least = 1};

constexpr std::array common_keys{
    key{"input", &any_value, false, "The run's input."},
    key{"event", &any_value, false, "What `event` is."},
    key{"mocks", &mocks, false,
        "By step, path or `agent.action`: what it answers; of a list each call gets the next, then the "
        "last."},
    key{"approvals", &approvals, false, "By step or path: what people say; nobody says anything otherwise."},
    key{"signals", &signals, false, "By name: what comes from outside."},
    key{"env", &named_values, false, "What `env` is."},
    key{"started_by", &plain_text, false, "Who starts it; else `test`."},
    key{"begins", &plain_text, false, "When, as RFC 3339; else 2026-01-01T00:00:00Z."},
};
constexpr shape common{.is = form::map, .keys = common_keys, .least = 1};

constexpr std::array test_keys{
    key{"name", &plain_text, true, "One sentence."},
    key{"expect", &expect, true, "What has to be so at the end."},
    key{"input", &any_value, false, "The run's input."},
    key{"event", &any_value, false, "What `event` is."},
    key{"mocks", &mocks, false, "Besides those of `defaults`, or instead of those of the same name."},
    key{"approvals", &approvals, false, "Likewise."},
    key{"signals", &signals, false, "Likewise."},
    key{"env", &named_values, false, "Likewise."},
    key{"started_by", &plain_text, false, "Who starts it."},
    key{"begins", &plain_text, false, "When, as RFC 3339."},
    key{"cancel", &cancel, false, "Somebody cancels the run."},
    key{"until", &duration, false, "How long the run is watched; else until nothing more happens."},
    key{"crash", &crash, false, "The process dies, again and again."},
};
constexpr shape test{.is = form::map, .keys = test_keys};
constexpr shape tests{.is = form::list, .of = &test, .least = 1, .most = 10'000};

constexpr std::array file_keys{
    key{"test", &label, true, "The workflow that is tested."},
    key{"description", &plain_text, false, "What it is for."},
    key{"defaults", &common, false, "For tests that do not say otherwise."},
    key{"tests", &tests, true, "Each runs by itself, in virtual time."},
};

} // namespace

constexpr shape test_file{.is = form::map, .keys = file_keys};

} // namespace troupe::workflow::grammar
