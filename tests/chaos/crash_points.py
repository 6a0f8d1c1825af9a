#!/usr/bin/env python3
"""Crashes a real node at every fault point, one after the other on one store, and judges what is left.

  crash_points.py TROUPE SOURCE_DIR [--passes N] [--seed S]

Each point is armed, the node is driven until it dies there, it starts again, and its books must balance. At the end
everything that was acknowledged must be there: the oracle's own loads and judges.
"""
import argparse
import http.client
import os
import random
import re
import shutil
import sys
import tempfile
import threading

sys.dont_write_bytecode = True

from oracle_load import Forwards, Once, Payments, Work
from oracle_node import Client, Node
from oracle_trouble import Mayflies, Naps

LIST = "runtime/base/fault_points.hpp"
SECONDS = 20  # within which a point must be reached
RARE = ("crash.before_count", "crash.after_count", "effect.before_adopt", "effect.after_adopt")


def names(root):
    with open(os.path.join(root, LIST)) as f:
        return re.findall(r'fault_point_entry\{\s*"([^"]+)"', f.read())


class Feeder(threading.Thread):
    """Sends the loads' orders in turn, for as long as it may: what it was acknowledged is what is judged."""

    def __init__(self, node, loads, stop):
        super().__init__(daemon=True)
        self.client, self.loads, self.stop = Client(node, stop), loads, stop
        self.queues = [list(reversed(load.orders)) for load in loads]
        for load in loads:
            load.orders = []
        self.refused = []
        self.calm = threading.Event()  # some points need agents that are left alone for a while

    def run(self):
        while not self.stop.is_set() and any(self.queues):
            if self.calm.is_set():
                self.stop.wait(0.4)
            for load, queue in zip(self.loads, self.queues):
                if not queue:
                    continue
                order = queue.pop()
                told = self.client.send(*order)
                while told is None:  # under its way when the others had to stop: it may be in
                    return
                load.orders.append(order)
                if told[0] != 202:
                    self.refused.append((order, told))


def die_at(node, point, passes, client):
    """True once the node has died there. Some points need a process that ended by a fatal signal, or are passed only
    when a node starts."""
    if point.startswith("crash."):
        node.start_whatever_happens()
        client.send(f"boom-{point}-{passes}", "probe.bomb", f"{point}-{passes}",
                    {"type": "explode", "body": {"how": "segv", "later": False}})
        if not node.wait(SECONDS):
            return False
    if not node.start(crash_at=f"{point}:{passes}"):
        return True
    return node.wait(SECONDS)


def balanced(node):
    """Poison may still end the node: then it starts again."""
    while True:
        try:
            books = node.books()
            break
        except (OSError, ValueError, http.client.HTTPException):
            node.wait(SECONDS)
            node.start_whatever_happens()
    return books["sent"] == books["applied"] + books["skipped"] + books["pending"] + books["dead_lettered"]


def run(options, node):
    rng, stop = random.Random(options.seed), threading.Event()
    loads = [Forwards(rng, 60_000, 50, 20), Payments(rng, 60_000), Work(rng, 4_000), Once(rng, 4_000), Naps(rng, 400, 50), Mayflies(rng, 20_000)]
    feeder, client, wrong = Feeder(node, loads, stop), Client(node, threading.Event()), []
    node.start()
    feeder.start()
    points = names(options.root)
    for point in points:
        node.kill()
        feeder.calm.set() if "purge" in point else feeder.calm.clear()
        if not die_at(node, point, 1 if point in RARE else rng.randrange(1, options.passes + 1), client):
            wrong.append(f"{point} was not reached within {SECONDS} s")
            node.kill()
        node.start_whatever_happens()
        if not balanced(node):
            wrong.append(f"the books do not balance after a crash at {point}: {node.books()}")
    feeder.client.stop = threading.Event()  # what it is sending is still sent
    stop.set()
    feeder.join(60)
    wrong += filter(None, [node.settle(120)])
    wrong += [f"refused: {r}" for r in feeder.refused[:5]]
    for load in loads:
        wrong += load.judge(node)
    sent = sum(len(load.orders) for load in loads)
    print(f"{len(points)} points, died at each; {sent} acknowledged messages, {node.starts} starts, books {node.books()}")
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("troupe")
    parser.add_argument("root")
    parser.add_argument("--passes", type=int, default=6, help="the node dies at the first to the Nth passage")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    home = tempfile.mkdtemp(prefix="troupe-points-")
    node = Node(options.troupe, home)
    try:
        wrong = run(options, node)
    finally:
        node.kill()
    for sentence in wrong[:20]:
        print("VIOLATION:", sentence)
    print("crash points: no violation" if not wrong else f"crash points: {len(wrong)} violations, everything is in {home}")
    if not wrong:
        shutil.rmtree(home, ignore_errors=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
