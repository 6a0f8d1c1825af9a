"""The list of fault points, the points in the code and docs/fault-points.md say the same."""

import re

LIST = "runtime/base/fault_points.hpp"
PAGE = "docs/fault-points.md"
_ENTRY = re.compile(r'fault_point_entry\{\s*"([^"]+)"')
_POINT = re.compile(r'\bfault_point\(\s*"([^"]+)"')
_ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)


def _places(source, pattern):
    return {m.group(1): source.line(m.start()) for m in pattern.finditer(source.text)}


def check(tree):
    if not tree.has(LIST):
        return
    listed = _places(tree.files[LIST], _ENTRY)
    page = _places(tree.files[PAGE], _ROW) if tree.has(PAGE) else {}
    passed = {}
    for source in tree.cpp:
        if source.folder != "tests" and source.path != LIST:
            for name, line in _places(source, _POINT).items():
                passed[name] = (source.path, line)
    for name, line in listed.items():
        if name not in passed:
            yield f"{LIST}:{line}: nothing passes {name}"
        if name not in page:
            yield f"{LIST}:{line}: {PAGE} has no row for {name}"
    for name, (path, line) in passed.items():
        if name not in listed:
            yield f"{path}:{line}: {name} is missing in {LIST}"
    for name, line in page.items():
        if name not in listed:
            yield f"{PAGE}:{line}: there is no fault point {name}"


def _tree(entry, point, row):
    return {
        LIST: f'fault_point_entry{{"{entry}", "x"}};\n' if entry else "\n",
        "runtime/a.cpp": f'\nvoid f() {{ fault_point("{point}"); }}\n' if point else "\n",
        PAGE: f"# Title\n\n| `{row}` | x |\n" if row else "# Title\n",
    }


BAD = [
    (LIST + ":1", _tree("a.b", "", "a.b")),
    (LIST + ":1", _tree("a.b", "a.b", "")),
    ("runtime/a.cpp:2", _tree("", "a.b", "")),
    (PAGE + ":3", _tree("", "", "a.b")),
]
GOOD = [_tree("a.b", "a.b", "a.b"), {"runtime/a.cpp": 'fault_point("a.b");\n'}]
