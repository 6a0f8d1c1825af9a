"""The tree as the checks see it: our files, their text, and the same text without comments and string contents."""

import os
import re
import subprocess
from functools import cached_property
from pathlib import PurePosixPath

HERE = os.path.dirname(os.path.abspath(__file__))
TEXT_ENDINGS = (".cpp", ".hpp", ".proto", ".cu", ".cuh", ".py", ".sh", ".cmake", ".txt", ".yaml", ".md", ".js", ".css")
UNTOLD = ("check", "demo", ".ci/run")  # scripts whose names have no ending

# One token that must not be read as code. A quote after a digit or letter separates digits (1'000).
_OPAQUE = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<raw>[^()\\\s]{0,16})\(.*?\)(?P=raw)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'",
    re.DOTALL)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


def _blank(match):
    text = match.group(0)
    kept = 0 if text.startswith("/") else 1  # quotes stay: an argument must still look like one
    inner = re.sub(r"[^\n]", " ", text[kept:len(text) - kept])
    return text[:kept] + inner + text[len(text) - kept:]


def _without_comments(match):
    text = match.group(0)
    return _blank(match) if text.startswith("/") else text


class Source:
    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.name = PurePosixPath(path).name
        self.folder = path.split("/")[0] if "/" in path else ""

    is_header = property(lambda self: self.path.endswith((".hpp", ".cuh")))
    is_cpp = property(lambda self: self.path.endswith((".cpp", ".hpp", ".cu", ".cuh")))

    @cached_property
    def code(self):
        """Comments and the insides of strings are blanks; offsets and lines are those of the text."""
        return _OPAQUE.sub(_blank, self.text)

    @cached_property
    def includes(self):
        """(line, path, quoted) of every include directive."""
        plain = _OPAQUE.sub(_without_comments, self.text)
        return [(self.line(m.start(2)), m.group(2), m.group(1) == '"') for m in _INCLUDE.finditer(plain)]

    def line(self, offset):
        return self.text.count("\n", 0, offset) + 1


class Tree:
    """Files by their path from the root. The self-tests make small ones; `read` makes the real one."""

    def __init__(self, files):
        self.files = {path: Source(path, text) for path, text in sorted(files.items())}

    @property
    def cpp(self):
        return [source for source in self.files.values() if source.is_cpp]

    def has(self, path):
        return path in self.files

    @staticmethod
    def read(root):
        files = {}
        for path in _paths(root):
            if path.endswith(TEXT_ENDINGS) or path in UNTOLD:
                with open(os.path.join(root, path), encoding="utf-8") as file:
                    files[path] = file.read()
        return Tree(files)


def _paths(root):
    """What git tracks or would track; in a copy without git, everything but hidden and build folders."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, check=False)
    if listed.returncode == 0 and os.path.exists(os.path.join(root, ".git")):
        names = listed.stdout.decode().split("\0")
        return sorted({name for name in names if name and os.path.isfile(os.path.join(root, name))})
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [f for f in folders if not f.startswith((".", "build")) or f == ".ci"]
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return sorted(found)


def table(name):
    """The rows of a data file beside the checks: (words before the first colon, text after it)."""
    rows = []
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                key, _, rest = line.partition(": ")
                rows.append((key.strip(), rest.strip()))
    return rows
