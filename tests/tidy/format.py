"""The layout is clang-format's, version 14, as .clang-format says."""

import os
import re
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

from sources import HERE

ROOT = os.path.dirname(os.path.dirname(HERE))
TOOL = shutil.which("clang-format-14") or shutil.which("clang-format")
BATCH = 64  # files a call: starting the tool costs more than a file


def _complaints(folder, paths):
    told = subprocess.run([TOOL, "--dry-run", "--Werror", "--style=file", *paths], cwd=folder, capture_output=True, check=False)
    first = {}
    for place in re.finditer(r"^(.+?):(\d+):\d+: (?:error|warning)", told.stderr.decode(), re.MULTILINE):
        first.setdefault(os.path.normpath(place.group(1)), place.group(2))
    if told.returncode != 0 and not first:
        first[paths[0]] = "1"  # the tool itself failed
    return first


def _copy(tree, folder):
    shutil.copy(os.path.join(ROOT, ".clang-format"), folder)
    for source in tree.cpp:
        path = os.path.join(folder, source.path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(source.text)


def check(tree):
    if not TOOL:
        yield "check:1: clang-format-14 is missing; deploy/install_packages.sh check"
        return
    paths = [source.path for source in tree.cpp]
    batches = [paths[i:i + BATCH] for i in range(0, len(paths), BATCH)]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        _copy(tree, folder)
        for found in pool.map(lambda batch: _complaints(folder, batch), batches):
            for path, line in found.items():
                yield f"{path}:{line}: not laid out by clang-format; run: {os.path.basename(TOOL)} -i {path}"


BAD = [
    ("a/x.cpp:2", {"a/x.cpp": "int a;\nint   b;\n"}),
    ("a/x.hpp:1", {"a/x.hpp": "int *pointer;\n"}),
]
GOOD = [{"a/x.cpp": "int a;\nint* b;\n"}]
