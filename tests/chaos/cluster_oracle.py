#!/usr/bin/env python3
"""The outside oracle over several nodes on one PostgreSQL: agents spread over three processes, moved all the while, any
node killed with -9 or stopped for a time, and judged by what was acknowledged and what the agents say afterwards.

  cluster_oracle.py TROUPE [--kills N] [--seed S] [--messages N] [--nodes N] [--no-stops] [--keep DIR]

Nodes that die are started again by `up --nodes`; a node that was stopped longer than its lease must end by itself.
"""
import argparse
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True

from oracle import CALLERS, hash_of
from oracle_load import Forwards, Payments, Work
from oracle_node import Caller, Node


class Cluster(Node):
    """Several nodes as one: whoever answers will do."""

    def __init__(self, troupe, home, count, rng):
        super().__init__(troupe, home)
        self.names = [f"node-{'abcdefgh'[i]}" for i in range(count)]
        self.rng = rng

    def start(self, crash_at=None, settings=()):
        with open(os.path.join(self.home, "log"), "ab") as log:
            self.process = subprocess.Popen([self.troupe, "--data", self.data, "up", "--port", "0", "--nodes",
                                             str(len(self.names))], cwd=self.home, stdout=log, stderr=log)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise SystemExit(f"the nodes ended by themselves, see {self.home}/log")
            try:
                if os.path.exists(os.path.join(self.data, "node.json")) and self.get("/readyz"):
                    return True
            except (OSError, ValueError, http.client.HTTPException):
                pass
            threading.Event().wait(0.1)
        raise SystemExit("the nodes did not become ready")

    def card(self, name):
        try:
            with open(os.path.join(self.data, name, "node.json")) as f:
                return json.load(f)
        except (OSError, ValueError):
            return None

    @property
    def address(self):
        cards = [c for c in map(self.card, self.names) if c]
        return self.rng.choice(cards)["url"].removeprefix("http://") if cards else None

    @address.setter
    def address(self, ignored):
        pass

    def ask(self, method, path, body=None):
        """Another node when one does not answer: it may have died this moment."""
        problem = OSError("no node answers")
        for _ in range(50):
            try:
                answer = super().ask(method, path, body)
                if not (isinstance(answer, dict) and answer.get("error", {}).get("code") in ("unavailable", "timeout")):
                    return answer
                problem = OSError(str(answer))
            except (OSError, ValueError, TypeError, http.client.HTTPException) as e:
                problem = e
            threading.Event().wait(0.1)
        raise OSError(str(problem))

    def books(self):
        return next(n["messages"] for n in self.get("/v1/nodes")["items"] if n["messages"]["sent"])

    def ledgers(self):
        return [os.path.join(self.data, name, "bank-ledger.jsonl") for name in self.names]

    def signal_one(self, name, number):
        card = self.card(name)
        if card:
            try:
                os.kill(card["pid"], number)
                return True
            except ProcessLookupError:
                pass
        return False

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()


class Storm(threading.Thread):
    """Moves whoever is active to wherever, without end."""

    def __init__(self, cluster, rng, stop):
        super().__init__(daemon=True)
        self.cluster, self.rng, self.stop = cluster, rng, stop
        self.moved, self.refused, self.pauses = 0, 0, []

    def run(self):
        while not self.stop.wait(0.02):
            try:
                agents = [a for a in self.cluster.get("/v1/agents?limit=300")["items"]
                          if not a["id"].startswith("ingress/") and a["state"] in ("idle", "busy", "waiting")]
                if not agents:
                    continue
                for agent in self.rng.sample(agents, min(8, len(agents))):
                    to = self.rng.choice(self.cluster.names)
                    connection = http.client.HTTPConnection(self.cluster.address, timeout=40)
                    status, answer = self.cluster.request(
                        connection, "POST", f"/v1/agents/{agent['kind']}/{agent['key']}/migrate", {"to": to})
                    connection.close()
                    if status == 200:
                        self.moved += 1
                        self.pauses.append(answer["paused_ms"])
                    else:
                        self.refused += 1
            except (OSError, ValueError, TypeError, KeyError, http.client.HTTPException):
                self.refused += 1


def trouble(cluster, rng, options):
    """One node at a time: killed, or stopped for longer than its lease."""
    kills = stops = 0
    for n in range(options.kills):
        threading.Event().wait(rng.uniform(0.5, 2.5))
        name = rng.choice(cluster.names)
        if options.stops and n % 4 == 3:
            seconds = rng.choice((1, 4, 14))
            if cluster.signal_one(name, signal.SIGSTOP):
                stops += 1
                threading.Event().wait(seconds)
                cluster.signal_one(name, signal.SIGCONT)
        elif cluster.signal_one(name, signal.SIGKILL):
            kills += 1
    return kills, stops


def shares(rng, loads):
    all_of, heads = [[] for _ in range(CALLERS)], [list(reversed(load.orders)) for load in loads]
    while any(heads):
        order = rng.choices(heads, [len(h) for h in heads])[0].pop()
        all_of[hash_of(order[1] + "/" + order[2]) % CALLERS].append(order)
    return all_of


def judge(cluster, callers, loads, unsettled):
    wrong = [unsettled] if unsettled else []
    for c in callers:
        wrong += [f"refused: {r}" for r in c.refused]
        if c.acknowledged + len(c.refused) != len(c.orders):
            wrong.append(f"{len(c.orders) - c.acknowledged} messages were never acknowledged")
    for load in loads:
        wrong += load.judge(cluster)
    books = cluster.books()
    if books["sent"] != books["applied"] + books["skipped"] + books["pending"] + books["dead_lettered"]:
        wrong.append(f"the books do not balance: {books}")
    return wrong


def attempt(options, rng, home):
    cluster, stop = Cluster(options.troupe, home, options.nodes, rng), threading.Event()
    n = options.messages
    loads = [Forwards(rng, int(n * 0.75), options.senders, options.receivers), Payments(rng, int(n * 0.2)),
             Work(rng, max(4, int(n * 0.05)))]
    callers = [Caller(cluster, orders, stop) for orders in shares(rng, loads)]
    storm, storm_over = None, threading.Event()
    try:
        cluster.start()
        storm = Storm(cluster, rng, storm_over)
        for one in (*callers, storm):
            one.start()
        kills, stops = trouble(cluster, rng, options)
        deadline = time.monotonic() + options.patience
        for one in callers:
            one.join(timeout=max(1, deadline - time.monotonic()))
        storm_over.set()
        storm.join(timeout=60)
        wrong = judge(cluster, callers, loads, cluster.settle(options.patience))
        pauses = sorted(storm.pauses) or [0]
        print(f"{kills} kills, {stops} stops, {storm.moved} moves ({storm.refused} refused), pause p50 "
              f"{pauses[len(pauses) // 2]:.1f} ms, p99 {pauses[len(pauses) * 99 // 100]:.1f} ms; "
              f"{sum(c.acknowledged for c in callers)} acknowledged; sent {cluster.books()}")
        return wrong
    finally:
        stop.set()
        storm_over.set()
        cluster.stop()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("troupe")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--senders", type=int, default=200)
    parser.add_argument("--receivers", type=int, default=50)
    parser.add_argument("--messages", type=int, default=6000)
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--no-stops", dest="stops", action="store_false")
    parser.add_argument("--patience", type=int, default=180, help="seconds until all must be at rest")
    parser.add_argument("--keep")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    home = options.keep or tempfile.mkdtemp(prefix="troupe-cluster-")
    os.makedirs(home, exist_ok=True)
    os.chmod(home, 0o755)  # PostgreSQL runs as a user of its own
    wrong = attempt(options, random.Random(options.seed), home)
    for sentence in wrong[:20]:
        print("VIOLATION:", sentence)
    if not wrong and not options.keep:
        shutil.rmtree(home, ignore_errors=True)
    elif wrong:
        print(f"everything is in {home}")
    print("oracle: no violation" if not wrong else f"oracle: {len(wrong)} violations")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
