#include "config/expression/function_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace troupe::expression {
namespace {

using enum type_kind;

constexpr kinds any = ~0U;
constexpr kinds numbers = one(integer) | one(unsigned_integer) | one(real) | one(number);
constexpr kinds whole = one(integer) | one(unsigned_integer) | one(number);
constexpr kinds texts = one(text);
constexpr kinds maps = one(map) | one(object);
constexpr kinds lists = one(list);
constexpr kinds instants = one(timestamp);
constexpr kinds times = one(timestamp) | one(duration);

constexpr std::array table{
    function_entry{function::size,
                   "size",
                   true,
                   true,
                   1,
                   1,
                   {texts | one(bytes) | lists | maps},
                   integer,
                   "size(x) or x.size()"},
    function_entry{function::type_of, "type", true, false, 1, 1, {any}, type_kind::type, "type(x)"},
    function_entry{function::to_dyn, "dyn", true, false, 1, 1, {any}, dyn, "dyn(x)"},
    function_entry{function::to_bool, "bool", true, false, 1, 1, {one(boolean) | texts}, boolean, "bool(x)"},
    function_entry{
        function::to_int, "int", true, false, 1, 1, {numbers | texts | instants}, integer, "int(x)"},
    function_entry{
        function::to_uint, "uint", true, false, 1, 1, {numbers | texts}, unsigned_integer, "uint(x)"},
    function_entry{function::to_double, "double", true, false, 1, 1, {numbers | texts}, real, "double(x)"},
    function_entry{function::to_text,
                   "string",
                   true,
                   false,
                   1,
                   1,
                   {numbers | texts | one(boolean) | one(bytes) | times},
                   text,
                   "string(x)"},
    function_entry{function::to_bytes, "bytes", true, false, 1, 1, {texts | one(bytes)}, bytes, "bytes(x)"},
    function_entry{function::to_timestamp,
                   "timestamp",
                   true,
                   false,
                   1,
                   1,
                   {texts | whole | instants},
                   timestamp,
                   "timestamp(x)"},
    function_entry{function::to_duration,
                   "duration",
                   true,
                   false,
                   1,
                   1,
                   {texts | one(duration)},
                   duration,
                   "duration(x)"},
    function_entry{
        function::contains, "contains", false, true, 2, 2, {texts, texts}, boolean, "text.contains(part)"},
    function_entry{function::starts_with,
                   "startsWith",
                   false,
                   true,
                   2,
                   2,
                   {texts, texts},
                   boolean,
                   "text.startsWith(part)"},
    function_entry{
        function::ends_with, "endsWith", false, true, 2, 2, {texts, texts}, boolean, "text.endsWith(part)"},
    function_entry{
        function::matches, "matches", true, true, 2, 2, {texts, texts}, boolean, "text.matches(pattern)"},
    function_entry{function::get_date,
                   "getDate",
                   false,
                   true,
                   1,
                   2,
                   {instants, texts},
                   integer,
                   "t.getDate() or t.getDate(zone)"},
    function_entry{function::get_day_of_month,
                   "getDayOfMonth",
                   false,
                   true,
                   1,
                   2,
                   {instants, texts},
                   integer,
                   "t.getDayOfMonth() or t.getDayOfMonth(zone)"},
    function_entry{function::get_day_of_week,
                   "getDayOfWeek",
                   false,
                   true,
                   1,
                   2,
                   {instants, texts},
                   integer,
                   "t.getDayOfWeek() or t.getDayOfWeek(zone)"},
    function_entry{function::get_day_of_year,
                   "getDayOfYear",
                   false,
                   true,
                   1,
                   2,
                   {instants, texts},
                   integer,
                   "t.getDayOfYear() or t.getDayOfYear(zone)"},
    function_entry{function::get_full_year,
                   "getFullYear",
                   false,
                   true,
                   1,
                   2,
                   {instants, texts},
                   integer,
                   "t.getFullYear() or t.getFullYear(zone)"},
    function_entry{function::get_hours,
                   "getHours",
                   false,
                   true,
                   1,
                   2,
                   {times, texts},
                   integer,
                   "t.getHours() or t.getHours(zone)"},
    function_entry{function::get_milliseconds,
                   "getMilliseconds",
                   false,
                   true,
                   1,
                   2,
                   {times, texts},
                   integer,
                   "t.getMilliseconds() or t.getMilliseconds(zone)"},
    function_entry{function::get_minutes,
                   "getMinutes",
                   false,
                   true,
                   1,
                   2,
                   {times, texts},
                   integer,
                   "t.getMinutes() or t.getMinutes(zone)"},
    function_entry{function::get_month,
                   "getMonth",
                   false,
                   true,
                   1,
                   2,
                   {instants, texts},
                   integer,
                   "t.getMonth() or t.getMonth(zone)"},
    function_entry{function::get_seconds,
                   "getSeconds",
                   false,
                   true,
                   1,
                   2,
                   {times, texts},
                   integer,
                   "t.getSeconds() or t.getSeconds(zone)"},
    function_entry{function::minimum, "min", true, true, 1, 255, {any}, dyn, "min(a, b, …) or list.min()"},
    function_entry{function::maximum, "max", true, true, 1, 255, {any}, dyn, "max(a, b, …) or list.max()"},
    function_entry{function::sum, "sum", true, true, 1, 1, {lists}, dyn, "sum(list) or list.sum()"},
    function_entry{function::sort, "sort", true, true, 1, 1, {lists}, dyn, "sort(list) or list.sort()"},
    function_entry{
        function::distinct, "distinct", true, true, 1, 1, {lists}, dyn, "distinct(list) or list.distinct()"},
    function_entry{function::join,
                   "join",
                   true,
                   true,
                   1,
                   2,
                   {lists, texts},
                   text,
                   "list.join() or list.join(separator)"},
    function_entry{function::split,
                   "split",
                   true,
                   true,
                   2,
                   3,
                   {texts, texts, whole},
                   list,
                   "text.split(separator) or text.split(separator, most)"},
    function_entry{function::lower, "lower", true, true, 1, 1, {texts}, text, "lower(text) or text.lower()"},
    function_entry{function::upper, "upper", true, true, 1, 1, {texts}, text, "upper(text) or text.upper()"},
};

constexpr std::array<std::string_view, 6> macros{"has", "all", "exists", "exists_one", "map", "filter"};

using reason = std::pair<std::string_view, std::string_view>;
constexpr std::array unsupported{
    reason{"existsOne", "write exists_one"},
    reason{"transformList", "write map or filter"},
    reason{"transformMap", ""},
    reason{"transformMapEntry", ""},
    reason{"lowerAscii", "write lower"},
    reason{"upperAscii", "write upper"},
    reason{"greatest", "write max"},
    reason{"least", "write min"},
    reason{"charAt", "text.split(\"\")[n] gives a character"},
    reason{"indexOf", "contains and matches look into a text"},
    reason{"lastIndexOf", "contains and matches look into a text"},
    reason{"replace", "text.split(old).join(new) replaces"},
    reason{"substring", ""},
    reason{"trim", ""},
    reason{"reverse", ""},
    reason{"format", "write text with ${{ }} in it, or join"},
    reason{"quote", ""},
    reason{"slice", ""},
    reason{"flatten", ""},
    reason{"sortBy", ""},
    reason{"first", "list[0] is the first item"},
    reason{"last", "list[size(list) - 1] is the last item"},
    reason{"range", ""},
    reason{"bind", ""},
    reason{"block", ""},
    reason{"encode", ""},
    reason{"decode", ""},
    reason{"optMap", "`a ?? b` stands for what may be absent"},
    reason{"optFlatMap", "`a ?? b` stands for what may be absent"},
    reason{"orValue", "write `a ?? b`"},
    reason{"or", "write `a ?? b`, or `a || b` for conditions"},
    reason{"hasValue", "write has(a.b)"},
    reason{"ofNonZeroValue", "`a ?? b` stands for what may be absent"},
    reason{"of", "`a ?? b` stands for what may be absent"},
    reason{"none", "`a ?? b` stands for what may be absent"},
    reason{"abs", ""},
    reason{"ceil", ""},
    reason{"floor", ""},
    reason{"round", ""},
    reason{"trunc", "int(x) cuts the fraction off"},
    reason{"sign", ""},
    reason{"isNaN", "x != x holds for NaN alone"},
    reason{"isInf", ""},
    reason{"isFinite", ""},
    reason{"bitAnd", ""},
    reason{"bitOr", ""},
    reason{"bitXor", ""},
    reason{"bitNot", ""},
    reason{"intersects", ""},
    reason{"equivalent", ""},
};

} // namespace

std::span<const function_entry> function_table() noexcept { return table; }

const function_entry& entry_of(function f) noexcept { return table[static_cast<std::size_t>(f)]; }

const function_entry* find_function(std::string_view name) noexcept {
  const auto at = std::ranges::find(table, name, &function_entry::name);
  return at == table.end() ? nullptr : &*at;
}

std::optional<std::string_view> instead_of(std::string_view name) noexcept {
  const auto at = std::ranges::find(unsupported, name, &reason::first);
  return at == unsupported.end() ? std::nullopt : std::optional(at->second);
}

std::vector<std::string_view> callable_names() {
  std::vector<std::string_view> names(macros.begin(), macros.end());
  for (const function_entry& entry : table)
    names.push_back(entry.name);
  return names;
}

} // namespace troupe::expression
