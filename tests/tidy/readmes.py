"""Each top folder with C++ in it has a README.md that says something and shows an example."""

MODULES_NEED_EXAMPLE = ("config", "kernels", "runtime", "storage", "cluster", "actors", "agents", "workflows", "gateway", "cli")
SHORTEST = 10  # lines; less cannot hold purpose, main types, lifecycle and an example


def check(tree):
    for folder in sorted({source.folder for source in tree.cpp if source.folder}):
        readme = tree.files.get(f"{folder}/README.md")
        if readme is None:
            yield f"{folder}/README.md:1: missing; purpose, main types, lifecycle, a ten-line example"
        elif readme.text.count("\n") < SHORTEST:
            yield f"{folder}/README.md:1: fewer than {SHORTEST} lines cannot say purpose, main types and lifecycle"
        elif folder in MODULES_NEED_EXAMPLE and "\n```" not in readme.text:
            yield f"{folder}/README.md:1: shows no example"


_PAGE = "# Title\n" + "A sentence.\n" * 10
BAD = [
    ("runtime/README.md:1", {"runtime/a.cpp": ""}),
    ("runtime/README.md:1", {"runtime/a.cpp": "", "runtime/README.md": "# Runtime\n"}),
    ("runtime/README.md:1", {"runtime/a.cpp": "", "runtime/README.md": _PAGE}),
]
GOOD = [
    {"runtime/a.cpp": "", "runtime/README.md": _PAGE + "```cpp\nint a;\n```\n"},
    {"tests/unit/a.cpp": "", "tests/README.md": _PAGE, "docs/page.md": ""},
]
