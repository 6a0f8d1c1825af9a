#!/usr/bin/env python3
"""Schedules whose node is killed around their instants: each instant has one run. schedules.py TROUPE [--kills N] [--seed S]"""
import argparse
import os
import random
import shutil
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True

from oracle_node import Node

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FLOW = """workflow: ticker
on:
  schedule:
    - {name: second, every: 1s, catchup: 1h, overlap: allow}
    - {name: in-line, every: 2s, catchup: 1h, overlap: queue}
    - {name: plain, every: 3s}
steps:
  - {wait: 50ms}
"""


def instant_of(run):
    """The time in a ULID, in milliseconds."""
    ms = 0
    for letter in run[:10]:
        ms = ms * 32 + ALPHABET.index(letter)
    return ms


def pause(seconds):
    threading.Event().wait(seconds)


def runs_of(node):
    """Instants of all runs, by schedule; the same one twice shows as often."""
    found = {}
    for run in node.items("/v1/runs?workflow=ticker"):
        found.setdefault(run["started_by"].rsplit("/", 1)[1], []).append(instant_of(run["id"]))
    return found


def settled(node):
    schedules = node.items("/v1/schedules")
    return len(schedules) == 3 and all(s["waiting"] == 0 for s in schedules) and schedules


def until(node, holds, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return
        pause(0.05)
    raise SystemExit(f"not within {seconds} s, see {node.home}/log")


def judge(runs, every, first, last):
    """What is wrong with the instants of one schedule, as sentences."""
    wrong = []
    seen = sorted(runs)
    if len(set(seen)) != len(seen):
        wrong.append("an instant has two runs")
    wanted = set(range((first // every + 1) * every, last + 1, every))
    if missing := wanted - set(seen):
        wrong.append(f"{len(missing)} of {len(wanted)} instants have no run, the first {min(missing)}")
    if any(s % every for s in seen):
        wrong.append("a run belongs to no instant")
    return wrong


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("troupe")
    asked.add_argument("--kills", type=int, default=8)
    asked.add_argument("--seed", type=int, default=7)
    asked = asked.parse_args()
    chance = random.Random(asked.seed)
    home = tempfile.mkdtemp(prefix="troupe-schedules-")
    os.mkdir(os.path.join(home, "flows"))
    with open(os.path.join(home, "flows", "ticker.yaml"), "w") as f:
        f.write(FLOW)
    node = Node(asked.troupe, home)
    settings = {"TROUPE_WORKFLOWS_DIR": os.path.join(home, "flows")}
    node.start(settings=settings)
    until(node, lambda: settled(node))
    first = int(time.time() * 1000)
    for _ in range(asked.kills):
        now = time.time()
        pause(1 - now % 1 + chance.uniform(-0.03, 0.05))  # about an instant
        node.kill()
        pause(chance.uniform(0, 1.5))
        node.start(settings=settings)
    pause(0.2)
    last = int(time.time() * 1000) - 100
    until(node, lambda: settled(node) and all(
        max(times) >= last - 3_000 for times in runs_of(node).values()))
    pause(2.5)  # what was due at `last` has begun, and what waited has had its turn
    until(node, lambda: settled(node))
    runs = runs_of(node)
    node.kill()
    wrong = [f"{name}: {sentence}" for name, every in (("second", 1_000), ("in-line", 2_000))
             for sentence in judge(runs.get(name, []), every, first, last)]
    plain = runs.get("plain", [])
    if len(set(plain)) != len(plain):
        wrong.append("plain: an instant has two runs")
    for sentence in wrong:
        print(sentence)
    total = sum(len(v) for v in runs.values())
    print(f"{asked.kills} kills, {total} runs, seed {asked.seed}: " + ("not as it should be" if wrong else "each instant once"))
    if not wrong:
        shutil.rmtree(home, ignore_errors=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
