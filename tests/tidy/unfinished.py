"""Nothing in the tree says that it is unfinished: it is finished, or an issue says what is missing."""

import re

_WORDS = ("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK")
_UNFINISHED = re.compile(r"(?<![\w-])(" + "|".join(_WORDS) + r")(?![\w-])")


def check(tree):
    for source in tree.files.values():
        for match in _UNFINISHED.finditer(source.text):
            yield f"{source.path}:{source.line(match.start())}: {match.group(1)}: finish it or open an issue"


BAD = [(f"a/x.{ending}:2", {f"a/x.{ending}": f"one\n# {word}: later\n"})
       for word, ending in zip(_WORDS, ("cpp", "md", "sh", "cmake"))]
GOOD = [{"a/x.cpp": "int todo_list; // hacks and fixes\n", "a/x.sh": "mktemp -d name." + "X" * 6 + "\n"}]
