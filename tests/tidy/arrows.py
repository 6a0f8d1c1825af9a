"""Folders include only what arrows.txt allows, by a path from the root, and only files that exist."""

from sources import table

ALLOWED = {folder.rstrip(":"): set(others.split()) for folder, others in table("arrows.txt")}


def _is_ours(tree, path, quoted):
    return quoted or tree.has(path)


def _exists(tree, path):
    return tree.has(path) or (path.endswith(".pb.h") and tree.has(path[:-len(".pb.h")] + ".proto"))


def check(tree):
    for source in tree.cpp:
        if source.folder not in ALLOWED:
            yield f"{source.path}:1: {source.folder or 'the top level'} may not hold C++ (tests/tidy/arrows.txt)"
            continue
        for line, path, quoted in source.includes:
            if not _is_ours(tree, path, quoted):
                continue
            target = path.split("/")[0]
            if not _exists(tree, path):
                yield f'{source.path}:{line}: "{path}" is no path from the root; others\' headers go in <>'
            elif target != source.folder and target not in ALLOWED[source.folder]:
                yield f"{source.path}:{line}: {source.folder} may not include {target} (tests/tidy/arrows.txt)"


BAD = [
    ("runtime/a.hpp:1", {"runtime/a.hpp": '#include "storage/b.hpp"\n', "storage/b.hpp": ""}),
    ("config/a.cpp:2", {"config/a.cpp": '\n#include <runtime/b.hpp>\n', "runtime/b.hpp": ""}),
    ("workflows/a.cpp:1", {"workflows/a.cpp": '#include "cluster/b.hpp"\n', "cluster/b.hpp": ""}),
    ("gateway/a.cpp:1", {"gateway/a.cpp": '#include "cli/b.hpp"\n', "cli/b.hpp": ""}),
    ("runtime/a.cpp:1", {"runtime/a.cpp": '#include "tests/support/b.hpp"\n', "tests/support/b.hpp": ""}),
    ("runtime/a.cpp:1", {"runtime/a.cpp": '#include "b.hpp"\n', "runtime/b.hpp": ""}),
    ("surprise/a.cpp:1", {"surprise/a.cpp": ""}),
]
GOOD = [
    {"storage/a.cpp": '#include "runtime/b.hpp"\n#include <sqlite3.h>\n', "runtime/b.hpp": ""},
    {"runtime/a.cpp": '#include "runtime/wire/b.pb.h"\n', "runtime/wire/b.proto": ""},
    {"runtime/a.cpp": '// #include "storage/b.hpp"\n/*\n#include "cli/c.hpp"\n*/', "storage/b.hpp": ""},
]
