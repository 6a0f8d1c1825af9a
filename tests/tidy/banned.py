"""Clock, randomness, environment, threads and sleeps are injected; only adapters touch the real ones."""

import re
from fnmatch import fnmatchcase

from sources import table


def _rules():
    for key, why in table("banned.txt"):
        where, pattern = key.split(" ", 1)
        yield where, re.compile(pattern), why


RULES = list(_rules())
ADAPTERS = [pattern for pattern, _ in table("adapters.txt")]


def _is_adapter(path):
    return any(fnmatchcase(path, pattern) for pattern in ADAPTERS)


def check(tree):
    for source in tree.cpp:
        adapter = _is_adapter(source.path)
        for where, pattern, why in RULES:
            if where == "outside" and adapter:
                continue
            for match in pattern.finditer(source.code):
                shown = " ".join(match.group(0).split())
                yield f"{source.path}:{source.line(match.start())}: '{shown}': {why}"


def _cpp(line, path="runtime/a.cpp"):
    return (f"{path}:2", {path: f"void f() {{\n  {line}\n}}\n"})


BAD = [
    _cpp("auto t = std::chrono::system_clock::now();"),
    _cpp("auto t = steady_clock::now();"),
    _cpp("auto t = time(nullptr);"),
    _cpp("int r = rand();"),
    _cpp("int r = std::rand();", "storage/a.cpp"),
    _cpp("std::random_device entropy;"),
    _cpp('auto home = std::getenv("HOME");'),
    _cpp("std::thread worker(run);"),
    _cpp("std::jthread worker(run);"),
    _cpp("std::this_thread::sleep_for(5ms);"),
    _cpp("::usleep(5);"),
    _cpp("sleep(5);"),
    _cpp("using namespace caf;", "runtime/host/a.cpp"),
    _cpp("CAF_ALLOW_UNSAFE_MESSAGE_TYPE(row)", "runtime/message/a.hpp"),
    _cpp("auto t = system_clock::now();", "actors/models/router.cpp"),
    _cpp("auto t = system_clock::now();", "tests/unit/runtime/a.cpp"),
]
GOOD = [
    {"runtime/a.cpp": "// system_clock::now() and rand() are banned\nlog(\"sleep(5)\");\n"},
    {"runtime/a.cpp": "auto t = clock.now();\nctx.sleep(5s);\nco_await ctx->sleep(t);\nauto r = ctx.random();\n"},
    {"runtime/a.cpp": "auto id = std::this_thread::get_id(); std::thread::id other; operand(1); strand(2);\n"},
    {"storage/sqlite/writer.cpp": "std::jthread writer(run);\n", "cli/main.cpp": "auto h = std::getenv(\"HOME\");\n"},
    {"actors/models/openai_client.cpp": "auto t = steady_clock::now();\n"},
    {"runtime/base/system_clock.cpp": "auto t = std::chrono::system_clock::now();\n"},
]
