"""No file reaches itself through its includes, and no folder, at any depth, another one that includes it back."""


def _file_arrows(tree):
    return {s.path: [(p, line) for line, p, _ in s.includes if tree.has(p)] for s in tree.cpp}


def _folders_apart(one, other):
    """The two folders below their deepest common one; None where a file sits in the common folder itself.

    a/b/x.hpp and a/c/d/y.hpp are told apart as a/b and a/c: brothers must not need each other. A folder and its
    own sub-folder may: what they share is one concept.
    """
    left, right = one.split("/")[:-1], other.split("/")[:-1]
    depth = 0
    while depth < min(len(left), len(right)) and left[depth] == right[depth]:
        depth += 1
    if depth == len(left) or depth == len(right):
        return None
    return "/".join(left[:depth + 1]), "/".join(right[:depth + 1])


def _folder_arrows(files):
    arrows = {}
    for path, includes in files.items():
        for target, line in includes:
            pair = _folders_apart(path, target)
            if pair:
                arrows.setdefault(pair[0], {}).setdefault(pair[1], f"{path}:{line}")
    return arrows


def _cycle_from(start, arrows):
    """A shortest way from start back to it, or None."""
    ways = [[start]]
    seen = set()
    while ways:
        way = ways.pop(0)
        for target in sorted(arrows.get(way[-1], ())):
            if target == start:
                return way + [start]
            if target not in seen:
                seen.add(target)
                ways.append(way + [target])
    return None


def _cycles(arrows):
    told = set()
    for start in sorted(arrows):
        way = _cycle_from(start, arrows)
        if way and not told & set(way):
            told |= set(way)
            yield way


def check(tree):
    files = _file_arrows(tree)
    for way in _cycles({path: {target for target, _ in includes} for path, includes in files.items()}):
        yield f"{way[0]}:1: includes itself: {' > '.join(way)}"
    folders = _folder_arrows(files)
    for way in _cycles(folders):
        where = "; ".join(folders[a][b] for a, b in zip(way, way[1:]))
        yield f"{folders[way[0]][way[1]]}: folders need each other: {' > '.join(way)} ({where})"


BAD = [
    ("a/x.hpp:1", {"a/x.hpp": '#include "a/y.hpp"\n', "a/y.hpp": '#include "a/z.hpp"\n',
                   "a/z.hpp": '#include "a/x.hpp"\n'}),
    ("a/x.hpp:1", {"a/x.hpp": '#include "b/y.hpp"\n', "b/y.hpp": "", "b/z.cpp": '#include "a/x.hpp"\n'}),
    ("r/a/x.cpp:1", {"r/a/x.cpp": '#include "r/b/y.hpp"\n', "r/b/y.hpp": "", "r/a/w.hpp": "",
                     "r/b/z.cpp": '#include "r/a/w.hpp"\n'}),
]
GOOD = [
    {"a/x.hpp": '#include "b/y.hpp"\n', "b/y.hpp": '#include "b/z.hpp"\n', "b/z.hpp": ""},
    {"r/x.hpp": '#include "r/a/y.hpp"\n', "r/a/y.hpp": "", "r/a/z.cpp": '#include "r/x.hpp"\n'},
]
