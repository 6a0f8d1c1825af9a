"""What gcc 12 compiles wrongly or differently around co_await (docs/adr: the compiler) is not written at all.

In one full expression with co_await: no braced temporary and no lambda that captures by value (gcc destroys both
twice), no second co_await (compilers order them differently, so a replay would diverge). None inside catch.
"""

import re

from expressions import Expressions
from functions import without_directives

# Scalars and types with constructors of their own: braces around them make no aggregate.
_HARMLESS = re.compile(r"\b((nano|micro|milli)?seconds|minutes|hours|duration|instant|string|string_view|u?int\w*|size_t|double)$")


def _captures_by_value(captures):
    depth, parts = 0, [""]
    for char in captures:
        depth += (char in "([{") - (char in ")]}")
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return any(part.strip() and part.strip() != "this" and not part.strip().startswith("&") for part in parts)


def _problems(code):
    expressions = Expressions(code)
    by_start = {}
    for match in re.finditer(r"(?<!operator )\bco_await\b", code):
        at = match.start()
        by_start.setdefault(expressions.start(at), []).append(at)
        if expressions.inside_catch(at):
            yield at, "co_await inside catch: leave the handler first"
    for start, awaits in by_start.items():
        if len(awaits) > 1:
            yield awaits[1], "a second co_await in one expression: compilers order them differently; name the first result"
        for at, what, text in expressions.parts(start):
            if what == "braces" and not _HARMLESS.search(text):
                yield at, "a braced temporary beside co_await: gcc 12 destroys it twice; name it in a statement before"
            elif what == "lambda" and _captures_by_value(text):
                yield at, "a lambda capturing by value beside co_await: gcc 12 destroys it twice; name it in a statement before"


def check(tree):
    for source in tree.cpp:
        if "co_await" in source.code:
            for at, why in _problems(without_directives(source.code)):
                yield f"{source.path}:{source.line(at)}: {why}"


def _body(*lines):
    return {"runtime/a.cpp": "task<int> f(context& ctx) {\n" + "".join(f"  {line}\n" for line in lines) + "}\n"}


def _bad(*lines, at=2):
    return (f"runtime/a.cpp:{at}", _body(*lines))


BAD = [
    _bad("co_await f(opt{.key = s});"),
    _bad("auto x = co_await f({1, 2});"),
    _bad("auto x = co_await f(1, {.key = s});"),
    _bad("auto x = g(opt{s}, co_await f());"),
    _bad("co_return point{co_await x()};"),
    _bad("request q{n, co_await f()};"),
    _bad("co_await f(", "    opt{s});", at=3),
    _bad("if (co_await f(opt{s})) {", "}"),
    _bad("for (auto& x : co_await f(opt{s})) {", "}"),
    _bad("co_await fn([c] { return c; });"),
    _bad("co_await fn([=]() mutable { c(); });"),
    _bad("co_await fn([&a, b = std::move(b)](int x) { return b + x; });"),
    _bad("co_await fn([*this] { go(); });"),
    _bad("m[co_await a] = co_await b;"),
    _bad("auto x = co_await a() + co_await b();"),
    _bad("auto x = f(co_await a(),", "           co_await b());", at=3),
    _bad("auto x = co_await (co_await a());"),
    _bad("try {", "  go();", "} catch (const std::exception& e) {", "  co_await undo();", "}", at=5),
    _bad("auto g = [&]() -> task<int> {", "  co_await f(opt{1});", "};", at=3),
    _bad("switch (x) {", "case 1: {", "  co_await f(opt{1});", "}", "}", at=4),
]
GOOD = [
    _body("opt o{.key = s};", "auto x = co_await f(o);", "co_await g(x);"),
    _body("auto x = co_await f([&c] { return row{c}; });", "co_await f([&] { go(); });", "co_await f([this] { go(); });"),
    _body("auto g = [c]() -> task<int> {", "  co_await a();", "  co_return co_await b();", "};", "co_await g();"),
    _body("if (co_await a()) co_await b();", "else co_await c();"),
    _body("while (co_await more()) {", "  co_await next();", "}", "co_await last();"),
    _body("try {", "  co_await go();", "} catch (const failure& e) {", "  failed = opt{e};", "}", "co_await undo();"),
    _body("co_await ctx.sleep(milliseconds{5});", "rows[1] = co_await f(rows[2]);", "row r{1};"),
    _body("for (int i = 0; i < 3; ++i) {", "  items.push_back({1, 2});", "  co_await f(items[i]);", "}"),
    {"runtime/a.hpp": "struct effect {\n  awaiter operator co_await() && { return awaiter{1}; }\n};\n// co_await f(opt{1})\n"},
]
