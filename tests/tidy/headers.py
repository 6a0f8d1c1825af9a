"""Heavy headers stay out of ours; CAF stays in runtime/host/, in a dozen files that nobody outside includes."""

from fnmatch import fnmatchcase

from sources import table

HEAVY = table("headers.txt")
CAF_HOME = "runtime/host/"
CAF_FILES = 12
OUTSIDE = ("tests/", "bench/")  # they measure and test CAF itself; no product code
PRECOMPILED = "pch.hpp"  # nobody includes it by hand


def _free_in_tests(tree):
    """What every test file has precompiled costs a header of the tests nothing."""
    precompiled = tree.files.get("tests/support/" + PRECOMPILED)
    return {path for _, path, _ in precompiled.includes} if precompiled else set()


def _heavy(tree):
    free = _free_in_tests(tree)
    for source in tree.cpp:
        if not source.is_header or source.name == PRECOMPILED:
            continue
        for line, path, _ in source.includes:
            if source.path.startswith("tests/") and path in free:
                continue
            if path.startswith("caf/") and source.path.startswith(CAF_HOME):
                continue  # _caf sees to it that nobody outside includes this header
            for pattern, instead in HEAVY:
                if fnmatchcase(path, pattern):
                    yield f"{source.path}:{line}: <{path}> is too heavy for a header: {instead}"


def _caf(tree):
    users = {}
    for source in tree.cpp:
        for line, path, _ in source.includes:
            if path.startswith("caf/") and not source.path.startswith(OUTSIDE):
                users.setdefault(source.path, line)
    for path, line in users.items():
        if not path.startswith(CAF_HOME):
            yield f"{path}:{line}: CAF is included only in {CAF_HOME}"
    for source in tree.cpp:
        for line, path, _ in source.includes:
            if path in users and not source.path.startswith((CAF_HOME, *OUTSIDE)):
                yield f"{source.path}:{line}: {path} brings CAF along; include the pimpl beside it"
    for path in sorted(users)[CAF_FILES:]:
        yield f"{path}:{users[path]}: CAF is already in {CAF_FILES} files; {len(users)} are too many"


def check(tree):
    yield from _heavy(tree)
    yield from _caf(tree)


_TESTS_HAVE_JSON = {"tests/support/pch.hpp": "#include <nlohmann/json.hpp>\n"}

BAD = [
    ("runtime/a.hpp:2", {"runtime/a.hpp": "#pragma once\n#include <nlohmann/json.hpp>\n"}),
    ("cli/up.cpp:1", {"runtime/host/a.hpp": "#include <caf/actor.hpp>\n", "cli/up.cpp": '#include "runtime/host/a.hpp"\n'}),
    ("gateway/a.hpp:1", {"gateway/a.hpp": "#include <boost/beast/core.hpp>\n"}),
    ("gateway/a.hpp:1", {"gateway/a.hpp": "#include <boost/asio.hpp>\n"}),
    ("runtime/a.hpp:1", {"runtime/a.hpp": '#include "runtime/wire/b.pb.h"\n'}),
    ("runtime/a.cpp:1", {"runtime/a.cpp": "#include <caf/actor.hpp>\n"}),
    ("tests/a.hpp:1", {"tests/a.hpp": "#include <nlohmann/json.hpp>\n"}),
    ("a/b.hpp:1", {"a/b.hpp": "#include <nlohmann/json.hpp>\n", **_TESTS_HAVE_JSON}),
    ("runtime/host/x9.cpp:1", {f"runtime/host/x{i}.cpp": "#include <caf/actor.hpp>\n" for i in range(13)}),
]
GOOD = [
    {"runtime/host/a.hpp": "#include <caf/actor.hpp>\n", "runtime/host/b.cpp": '#include "runtime/host/a.hpp"\n'},
    {"tests/a.hpp": "#include <nlohmann/json.hpp>\n", **_TESTS_HAVE_JSON},
    {"runtime/a.hpp": "#include <nlohmann/json_fwd.hpp>\n", "runtime/a.cpp": "#include <nlohmann/json.hpp>\n"},
    {f"runtime/host/x{i}.cpp": "#include <caf/actor.hpp>\n" for i in range(12)},
    {"bench/actors/raw.cpp": "#include <caf/actor.hpp>\n", "runtime/pch.hpp": "#include <nlohmann/json.hpp>\n"},
]
