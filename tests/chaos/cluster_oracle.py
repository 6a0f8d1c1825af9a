#!/usr/bin/env python3
"""The outside oracle over several nodes on one PostgreSQL: agents spread over three processes, moved all the while, any
node killed with -9 or stopped for a time, and judged by what was acknowledged and what the agents say afterwards.

  cluster_oracle.py TROUPE [--troubles N] [--seed S] [--messages N] [--nodes N] [--nemeses kill,stop,...] [--keep DIR]
  cluster_oracle.py TROUPE --blind no_dedupe|no_fence|early_ack|open_gate    with that guarantee off it must report violations

Nemeses: kill (-9), stop (SIGSTOP for 1 to 14 s, then SIGCONT: a zombie that writes), cut (all of PostgreSQL's sessions
ended), restart (PostgreSQL dies and recovers); the last two with a PostgreSQL of the oracle's own. Nodes that die are
started again by `up --nodes`; a node that was stopped longer than its lease must end by itself.
"""
import argparse
import collections
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

from oracle import BLIND_POINTS, CALLERS, hash_of
from oracle_load import Forwards, Payments, Work
from oracle_node import Caller, Node
from oracle_postgres import Server


class Cluster(Node):
    """Several nodes as one: whoever answers will do."""

    def __init__(self, troupe, home, count, rng, unsafe=()):
        super().__init__(troupe, home, unsafe)
        self.names = [f"node-{'abcdefgh'[i]}" for i in range(count)]
        self.rng = rng

    def start(self, crash_at=None, settings=()):
        environment = dict(os.environ, TROUPE_UNSAFE_FOR_TESTS=",".join(self.unsafe), **self.settings)
        with open(os.path.join(self.home, "log"), "ab") as log:
            self.process = subprocess.Popen([self.troupe, "--data", self.data, "up", "--port", "0", "--nodes",
                                             str(len(self.names))], cwd=self.home, stdout=log, stderr=log, env=environment)
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
        raise SystemExit(f"the nodes did not become ready, see {self.home}/log")

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
                code = answer.get("error", {}).get("code") if isinstance(answer, dict) else None
                if code is None or code == "not_found" or (method != "GET" and code not in ("unavailable", "timeout")):
                    return answer
                problem = OSError(str(answer))
            except (OSError, ValueError, TypeError, http.client.HTTPException) as e:
                problem = e
            threading.Event().wait(0.1)
        raise OSError(str(problem))

    def books(self):
        told = [n["messages"] for n in self.get("/v1/nodes")["items"] if n["messages"]["sent"]]
        if not told:
            raise OSError("no node tells how many messages there are")
        return told[0]

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


class Troubles:
    """What befalls the cluster, one thing at a time; nodes and moments are the seed's."""

    def __init__(self, cluster, server, rng, options):
        self.cluster, self.server, self.rng, self.options = cluster, server, rng, options
        self.caused = collections.Counter()

    def run(self, count):
        order = [n for n in self.options.nemeses if self.server or n in ("kill", "stop")]
        for n in range(count):
            threading.Event().wait(self.rng.uniform(0.5, 2.5))
            what = order[n % len(order)]
            if getattr(self, what)():
                self.caused[what] += 1

    def kill(self):
        return self.cluster.signal_one(self.rng.choice(self.cluster.names), signal.SIGKILL)

    def stop(self):
        name, seconds = self.rng.choice(self.cluster.names), self.rng.choice(self.options.stop_seconds)
        if not self.cluster.signal_one(name, signal.SIGSTOP):
            return False
        threading.Event().wait(seconds)
        self.cluster.signal_one(name, signal.SIGCONT)
        return True

    def cut(self):
        self.server.end_all_connections()
        return True

    def restart(self):
        self.server.restart_hard()
        return True


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


def attempt(options, rng, home, unsafe=(), settings=()):
    """The violations found, as sentences."""
    server = Server(tempfile.mkdtemp(prefix="troupe-pg-")) if options.own_server else None
    cluster, stop = Cluster(options.troupe, home, options.nodes, rng, unsafe), threading.Event()
    cluster.settings = dict(settings, **({"TROUPE_POSTGRES": server.address} if server else {}))
    n = options.messages
    loads = [Forwards(rng, int(n * options.forwards), options.senders, options.receivers),
             Payments(rng, int(n * (0.95 - options.forwards))), Work(rng, max(4, int(n * 0.05)))]
    callers = [Caller(cluster, orders, stop) for orders in shares(rng, loads)]
    storm_over = threading.Event()
    storm, troubles = Storm(cluster, rng, storm_over), Troubles(cluster, server, rng, options)
    try:
        cluster.start()
        for one in (*callers, storm):
            one.start()
        troubles.run(options.troubles)
        deadline = time.monotonic() + options.patience
        for one in callers:
            one.join(timeout=max(1, deadline - time.monotonic()))
        storm_over.set()
        storm.join(timeout=60)
        wrong = judge(cluster, callers, loads, cluster.settle(options.patience))
        tell(cluster, callers, storm, troubles)
        return wrong
    finally:
        stop.set()
        storm_over.set()
        cluster.stop()
        if server:
            server.stop()


def tell(cluster, callers, storm, troubles):
    pauses = sorted(storm.pauses) or [0]
    befell = ", ".join(f"{count} {what}s" for what, count in sorted(troubles.caused.items())) or "no trouble"
    print(f"{befell}, {storm.moved} moves ({storm.refused} refused), pause p50 {pauses[len(pauses) // 2]:.1f} ms, "
          f"p99 {pauses[len(pauses) * 99 // 100]:.1f} ms; {sum(c.acknowledged for c in callers)} acknowledged; "
          f"sent {cluster.books()}")


def prove_sight(options, rng):
    """A guarantee is off: violations must be seen, in one of a few short runs. A cluster that gives up on itself proves
    nothing, but is none of what is asked for either: the next run."""
    unsafe = [options.blind] + (["rivals"] if options.blind == "no_fence" else [])
    options.patience = 30  # what is lost does not come to rest
    for run in range(options.runs):
        home = make_home(None)
        # Every node dies where the loss of the guarantee shows, so that it need not wait for luck.
        settings = {"TROUPE_CRASH_AT": f"{rng.choice(BLIND_POINTS[options.blind])}:{rng.randrange(100, 400)}"}
        try:
            wrong = attempt(options, rng, home, unsafe, settings)
        except (SystemExit, OSError) as e:
            print(f"run {run + 1} came to no verdict: {e}")
            continue
        finally:
            shutil.rmtree(home, ignore_errors=True)
        for sentence in wrong[:5]:
            print("SEEN:", sentence)
        if wrong:
            print(f"oracle: {len(wrong)} violations with {options.blind}, in run {run + 1}")
            return 0
    print(f"oracle: {options.blind} was switched on and nothing was seen in {options.runs} runs")
    return 1


def make_home(keep):
    home = keep or tempfile.mkdtemp(prefix="troupe-cluster-")
    os.makedirs(home, exist_ok=True)
    os.chmod(home, 0o755)  # PostgreSQL runs as a user of its own
    return home


def read_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("troupe")
    parser.add_argument("--troubles", type=int, default=20)
    parser.add_argument("--nemeses", type=lambda text: text.split(","),
                        default=["kill", "cut", "kill", "restart", "kill", "stop"])
    parser.add_argument("--stop-seconds", type=lambda text: [float(s) for s in text.split(",")], default=[1, 4, 14])
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--senders", type=int, default=200)
    parser.add_argument("--receivers", type=int, default=50)
    parser.add_argument("--messages", type=int, default=6000)
    parser.add_argument("--forwards", type=float, default=0.75, help="their part of the messages; the rest moves money")
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--own-server", action="store_true", help="the oracle starts PostgreSQL, and troubles it, too")
    parser.add_argument("--patience", type=int, default=180, help="seconds until all must be at rest")
    parser.add_argument("--blind", choices=("no_dedupe", "no_fence", "early_ack", "open_gate"))
    parser.add_argument("--runs", type=int, default=10, help="with --blind: how often it may try")
    parser.add_argument("--keep")
    return parser.parse_args()


def main():
    options = read_options()
    print(f"seed {options.seed}", flush=True)
    rng = random.Random(options.seed)
    if options.blind:
        return prove_sight(options, rng)
    home = make_home(options.keep)
    wrong = attempt(options, rng, home)
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
