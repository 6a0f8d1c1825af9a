"""Headers under 250 lines, sources under 500, functions under 70: what does not fit on a page is split by concept."""

import functions

HEADER_LINES = 250
SOURCE_LINES = 500
FUNCTION_LINES = 70


def check(tree):
    for source in tree.cpp:
        length = source.text.count("\n")
        limit = HEADER_LINES if source.is_header else SOURCE_LINES
        if length >= limit:
            yield f"{source.path}:{limit}: {length} lines; fewer than {limit} are allowed"
        for name, first, last in functions.of(source):
            if last - first + 1 >= FUNCTION_LINES:
                yield f"{source.path}:{first}: {name} has {last - first + 1} lines; fewer than {FUNCTION_LINES} are allowed"


_LONG = "  step();\n" * 70
_SHORT = "  step();\n" * 60

BAD = [
    ("a/x.hpp:250", {"a/x.hpp": "\n" * 250}),
    ("a/x.cpp:500", {"a/x.cpp": "\n" * 500}),
    ("a/x.cpp:1", {"a/x.cpp": "void f() {\n" + _LONG + "}\n"}),
    ("a/x.cpp:3", {"a/x.cpp": "namespace a {\n\nrow::row(int a)\n    : a_{a}\n    , b_{2} {\n" + _LONG + "}\n}\n"}),
    ("a/x.cpp:2", {"a/x.cpp": "class a {\n  task<int> f(opt o = {}) const {\n" + _LONG + "  }\n};\n"}),
    ("a/x.cpp:1", {"a/x.cpp": "BOOST_AUTO_TEST_CASE(name) {\n  if (x) {\n" + _LONG + "  }\n}\n"}),
    ("a/x.cpp:2", {"a/x.cpp": "const char* s = \"{{{\"; // {{\nauto f = [](int) {\n" + _LONG + "};\n"}),
    ("a/x.cpp:1", {"a/x.cpp": "struct row f(int a) {\n" + _LONG + "}\n"}),
]
GOOD = [
    {"a/x.hpp": "\n" * 249, "a/x.cpp": "\n" * 499},
    {"a/x.cpp": "namespace {\n" + ("void f() {\n" + _SHORT + "}\n") * 3 + "}\n"},
    {"a/x.cpp": "class a {\n" + "  int f(int x) { return x; }\n" * 90 + "};\n"},
    {"a/x.cpp": "const table rows{\n" + "  {1, f(2)},\n" * 90 + "};\n"},
]
