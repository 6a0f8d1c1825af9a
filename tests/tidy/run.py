"""run.py CHECK [ROOT]: first makes the check prove itself on invented trees, then applies it to the real one.

A check is a module with three names: check(tree) yields "path:line: sentence"; BAD lists (place, files) pairs it
must report, place being "path" or "path:line"; GOOD lists trees it must pass.
"""

import importlib
import os
import sys

sys.dont_write_bytecode = True  # a check leaves nothing in the tree

from sources import HERE, Tree


def proves_itself(module):
    wrong = [] if module.BAD and module.GOOD else ["BAD and GOOD need cases"]
    for place, files in module.BAD:
        told = list(module.check(Tree(files)))
        if not any(line.startswith(place + ":") for line in told):
            wrong.append(f"missed {place}, told {told}")
    for files in module.GOOD:
        wrong += [f"false alarm: {line}" for line in module.check(Tree(files))]
    return wrong


def main():
    name = sys.argv[1]
    root = sys.argv[2] if len(sys.argv) > 2 else os.path.dirname(os.path.dirname(HERE))
    module = importlib.import_module(name)
    wrong = proves_itself(module)
    for line in wrong:
        print(f"the check {name} fails its own cases: {line}")
    found = sorted(set(module.check(Tree.read(root))))
    for line in found:
        print(line)
    cases = len(module.BAD) + len(module.GOOD)
    print(f"{name}: {len(found)} found; {cases} cases of its own, {len(wrong)} wrong")
    return 1 if wrong or found else 0


if __name__ == "__main__":
    sys.exit(main())
