#include "workflows/language/grammar/common.hpp"

#include <array>

namespace troupe::workflow::grammar {
namespace {

constexpr shape attempts{.is = form::count, .least = 1, .most = 1'000};
constexpr shape backoff{.is = form::word, .words = "exponential fixed"};
constexpr shape jitter{.is = form::word, .words = "full none"};
constexpr shape after{.is = form::word, .words = "fail park"};
constexpr shape tokens{.is = form::count, .least = 1, .most = 1'000'000'000'000};
constexpr shape money{.is = form::amount, .most = 1'000'000'000};

constexpr std::array retry_keys{
    key{"attempts", &attempts, false, "How often in all, the first try included."},
    key{"backoff", &backoff, false, "Whether the waits double (`exponential`) or stay (`fixed`)."},
    key{"initial", &duration, false, "The first wait."},
    key{"max", &duration, false, "The longest wait."},
    key{"jitter", &jitter, false, "`full` draws each wait between nothing and its length."},
    key{"on", &error_kinds, false, "The error kinds that are tried again; else all that may get better."},
    key{"then", &after, false, "After the last try: `fail`, or `park` until somebody helps."},
};

constexpr std::array budget_keys{
    key{"tokens", &tokens, false, "Tokens of models."},
    key{"usd", &money, false, "Money, in dollars."},
    key{"wall", &duration, false, "Time on the clock."},
};

} // namespace

constexpr shape retry{.is = form::map, .keys = retry_keys, .least = 1};
constexpr shape budget{.is = form::map, .keys = budget_keys, .least = 1};

} // namespace troupe::workflow::grammar
