#!/usr/bin/env python3
"""The outside oracle: drives a node over HTTP, kills it with -9 at random moments and at named points, and judges what
is left by its own log.

  oracle.py TROUPE [--kills N] [--seed S] [--senders N] [--receivers N] [--messages N] [--keep DIR]
  oracle.py TROUPE --postgres ...     the journal on a PostgreSQL of its own, which is restarted and cuts its connections, too
  oracle.py TROUPE --blind no_dedupe|no_fence|early_ack|open_gate      with that guarantee off it must report violations

It believes nothing but its own acknowledgements and what the agents' documents and the bank's file say afterwards.
"""
import argparse
import os
import random
import shutil
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True

from oracle_load import Forwards, Once, Payments, Work
from oracle_node import Caller, Client, Node, Twins
from oracle_postgres import Server
from oracle_trouble import Insistence, Mayflies, Naps, Poison, Rings, Signals, Upgrades, judge_twins, twin_orders

# Where a random kill rarely hits; the others come with any kill under load.
POINTS = ("turn.before_resume", "turn.after_resume", "effect.after_execute", "effect.after_record", "effect.after_adopt",
          "gate.before_release", "turn.after_commit", "turn.after_replay", "ingress.after_commit", "journal.after_commit")
# Where the loss of a guarantee shows, so that a blind run need not wait for luck.
BLIND_POINTS = {"no_dedupe": ("journal.after_ack",), "early_ack": ("journal.before_commit",),
                "open_gate": ("journal.before_commit",), "no_fence": ("turn.before_commit",)}
CALLERS = 8


class Trial:
    """One store, its loads, and everybody who sends."""

    def __init__(self, options, rng, home, unsafe=(), points=None):
        self.options, self.rng, plain = options, rng, points is not None
        self.points, self.patience, self.lives = (points, 5, (0.05, 0.2)) if plain else (POINTS, options.patience, (0.05, 0.8))
        self.node, self.stop = Node(options.troupe, home, unsafe), threading.Event()
        self.server = Server(tempfile.mkdtemp(prefix="troupe-pg-")) if options.postgres else None
        self.node.settings = {"TROUPE_POSTGRES": self.server.address} if self.server else {}
        n = options.messages
        self.loads = [Forwards(rng, int(n * 0.75), options.senders, options.receivers), Payments(rng, int(n * 0.15)),
                      Work(rng, max(8, int(n * 0.05)))]
        twins = []
        if not plain:
            self.loads += [Once(rng, max(8, n // 60)), Naps(rng, 12, options.nap_ms), Insistence(rng, max(12, n // 100)),
                           Signals(rng, max(12, n // 100)), Mayflies(rng, max(60, n // 30)), Rings(rng, 6), Poison(rng), Upgrades(rng, 16)]
            twins = list(twin_orders(rng, max(10, n // 100)))
        self.callers = [Caller(self.node, orders, self.stop) for orders in self.shares()]
        self.twins = Twins(self.node, twins, self.stop)

    def shares(self):
        """A caller has all orders for a target, in their order; the loads are mixed."""
        shares, heads = [[] for _ in range(CALLERS)], [list(reversed(load.orders)) for load in self.loads]
        while any(heads):
            queue = self.rng.choices(heads, [len(h) for h in heads])[0]
            order = queue.pop()
            shares[hash_of(order[1] + "/" + order[2]) % CALLERS].append(order)
        return shares

    def run(self, kills):
        self.node.start()
        client = Client(self.node, self.stop)
        for load in self.loads:
            for order in load.first:
                client.send(*order)
        for one in (*self.callers, self.twins):
            one.start()
        for n in range(kills):
            if 2 * n >= kills and "upgraded_probes" not in self.node.unsafe:
                self.node.unsafe.append("upgraded_probes")
            self.end_once(n)
        for one in (*self.callers, self.twins):
            deadline = time.monotonic() + 300
            while one.is_alive() and time.monotonic() < deadline:
                one.join(timeout=0.2)
                if not self.node.alive():
                    self.node.start_whatever_happens()
        return self.node.settle(self.patience)

    def end_once(self, n):
        """By a kill at a random moment; every third time at a named point, if it comes that far within a second."""
        if self.server and n % 2 == 1:
            (self.server.restart_hard if n % 4 == 1 else self.server.end_all_connections)()
        at_point = n % 3 == 2 or self.points is not POINTS
        if not self.node.wait(self.rng.uniform(*self.lives)):
            self.node.kill()
        point = f"{self.rng.choice(self.points)}:{self.rng.randrange(1, 12)}" if at_point else None
        while not self.node.start(crash_at=point):
            point = None
        if point and self.node.wait(1.0):
            self.node.start_whatever_happens()

    def judge(self, unsettled):
        wrong = [unsettled] if unsettled else []
        for c in self.callers:
            wrong += [f"refused: {r}" for r in c.refused]
            if c.acknowledged + len(c.refused) != len(c.orders):
                wrong.append(f"{len(c.orders) - c.acknowledged} messages were never acknowledged")
        for load in self.loads:
            wrong += load.judge(self.node)
        wrong += judge_twins(self.node, self.twins)
        books = self.node.books()
        if books["sent"] != books["applied"] + books["skipped"] + books["pending"] + books["dead_lettered"]:
            wrong.append(f"the books do not balance: {books}")
        return wrong

    def tell(self):
        books, work = self.node.books(), self.loads[2]
        acknowledged = sum(c.acknowledged for c in self.callers) + self.twins.acknowledged
        counts = ", ".join(f"{len(load.orders)} {type(load).__name__.lower()}" for load in self.loads)
        print(f"{self.node.starts - 1} restarts, {len(self.node.own_ends)} of them after the node had died at a named point or "
              f"of poison; {acknowledged} acknowledged messages ({counts}, {len(self.twins.orders)} twins); "
              f"{work.repeated} outside effects asked for again under their key; sent {books['sent']} = applied "
              f"{books['applied']} + skipped {books['skipped']} + pending {books['pending']} + dead-lettered "
              f"{books['dead_lettered']}")


def hash_of(text):
    """Python's own differs from run to run."""
    value = 0
    for c in text.encode():
        value = (value * 31 + c) % 1_000_003
    return value


def attempt(options, rng, unsafe=(), points=None):
    """The violations found, as sentences."""
    home = options.keep or tempfile.mkdtemp(prefix="troupe-oracle-")
    os.makedirs(home, exist_ok=True)
    trial = Trial(options, rng, home, unsafe, points)
    try:
        wrong = trial.judge(trial.run(options.kills))
        trial.tell()
    finally:
        trial.stop.set()
        trial.node.kill()
        if trial.server:
            trial.server.stop()
    if not options.keep and (not wrong or unsafe):
        shutil.rmtree(home, ignore_errors=True)
    elif wrong:
        print(f"everything is in {home}")
    return wrong


def prove_sight(options, rng):
    """A guarantee is off: violations must be seen, in one of a few short runs."""
    unsafe = [options.blind] + (["rivals"] if options.blind == "no_fence" else [])
    for run in range(options.runs):
        wrong = attempt(options, rng, unsafe, BLIND_POINTS[options.blind])
        for sentence in wrong[:5]:
            print("SEEN:", sentence)
        if wrong:
            print(f"oracle: {len(wrong)} violations with {options.blind}, in run {run + 1}")
            return 0
    print(f"oracle: {options.blind} was switched on and nothing was seen in {options.runs} runs")
    return 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("troupe")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--senders", type=int, default=200)
    parser.add_argument("--receivers", type=int, default=50)
    parser.add_argument("--messages", type=int, default=6000)
    parser.add_argument("--nap-ms", type=int, default=200, help="a nap is twenty of these")
    parser.add_argument("--blind", choices=("no_dedupe", "no_fence", "early_ack", "open_gate"))
    parser.add_argument("--runs", type=int, default=20, help="with --blind: how often it may try")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--rivals", action="store_true", help="running agents are claimed again and again")
    parser.add_argument("--patience", type=int, default=120, help="seconds until all must be at rest")
    parser.add_argument("--keep")
    options = parser.parse_args()
    Mayflies.may_linger = options.rivals
    rng = random.Random(options.seed)
    print(f"seed {options.seed}", flush=True)
    if options.blind:
        return prove_sight(options, rng)
    wrong = attempt(options, rng, ["rivals"] if options.rivals else [])
    for sentence in wrong[:20]:
        print("VIOLATION:", sentence)
    print("oracle: no violation" if not wrong else f"oracle: {len(wrong)} violations")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
