#!/usr/bin/env python3
"""The outside oracle for workflows: starts runs over HTTP, kills the node with -9 at random moments, and judges by what
an HTTP sink of its own has seen.

  flows.py TROUPE [--runs N] [--kills N] [--seed S] [--keep DIR]
  flows.py TROUPE --blind early_ack      with that guarantee off it must report violations

Every acknowledged run completes with the output that follows from what the sink answered; each step is asked for under
one idempotency key of its own, however often it is asked; no step is asked for before what it comes after was answered;
starts under one Idempotency-Key are one run, and with another body they are refused.
"""
import argparse
import collections
import http.client
import http.server
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True

from oracle import BLIND_POINTS
from oracle_node import Node

FLOW = """\
workflow: oracle-flow
version: 1
input: { properties: { sink: { type: string }, n: { type: integer } }, required: [sink, n] }
output: { first: "${{ steps.first.body.n }}", sum: "${{ sum(steps.each.map(e, e.body.n)) }}", last: "${{ steps.last.body.n }}" }
defaults: { timeout: 10s, retry: { attempts: 200, initial: 50ms, max: 500ms } }
steps:
  - { id: first, agent: http, action: post, with: { url: "${{ input.sink }}/${{ input.n }}/first", body: { n: "${{ input.n }}" } } }
  - id: both
    parallel:
      branches:
        a: [ { id: left, agent: http, action: post, with: { url: "${{ input.sink }}/${{ input.n }}/left", body: { n: 1 } } } ]
        b:
          - { wait: 30ms }
          - { id: right, agent: http, action: post, with: { url: "${{ input.sink }}/${{ input.n }}/right", body: { n: 2 } } }
  - id: each
    map:
      over: [0, 1, 2]
      as: i
      max_parallel: 2
      steps:
        - { id: one, agent: http, action: post, with: { url: "${{ input.sink }}/${{ input.n }}/each-${{ i }}", body: { n: "${{ i }}" } } }
  - id: route
    choice:
      - when: ${{ input.n % 2 == 0 }}
        steps: [ { id: even, agent: http, action: post, with: { url: "${{ input.sink }}/${{ input.n }}/even", body: { n: 0 } } } ]
      - else: [ { id: odd, agent: http, action: post, with: { url: "${{ input.sink }}/${{ input.n }}/odd", body: { n: 1 } } } ]
  - { id: last, agent: http, action: post, with: { url: "${{ input.sink }}/${{ input.n }}/last", body: { n: "${{ steps.first.body.n }}" } } }
"""
EACH = ["each-0", "each-1", "each-2"]
# What a step comes after: all of these were answered before it is asked for.
AFTER = {"first": [], "left": ["first"], "right": ["first"], "each-0": ["left", "right"], "each-1": ["left", "right"],
         "each-2": ["left", "right"], "even": EACH, "odd": EACH, "last": EACH}
STARTERS = 16


def steps_of(n):
    return ["first", "left", "right", *EACH, "even" if n % 2 == 0 else "odd", "last"]


class Sink:
    """Answers {n} of the body; refuses some with 503, loses some answers on purpose. Its log is the evidence."""

    def __init__(self, rng):
        self.lock, self.rng, self.clock = threading.Lock(), rng, 0
        self.asked = collections.defaultdict(list)  # (run, step): [(tick, key)]
        self.answered = {}  # (run, step): tick of the first answer that was sent
        self.done = collections.defaultdict(set)  # (run, step): keys under which it took place
        sink = self

        class Door(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                sink.serve(self)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads, request_queue_size = True, 512

            def handle_error(self, *_):
                pass  # a caller that was killed does not wait for its answer

        self.server = Server(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def tick(self):
        self.clock += 1
        return self.clock

    def serve(self, door):
        body = door.rfile.read(int(door.headers.get("Content-Length", 0)))
        run, step = door.path.strip("/").split("/")
        place, key = (int(run), step), door.headers.get("Idempotency-Key")
        with self.lock:
            self.asked[place].append((self.tick(), key))
            fate = self.rng.random()
            if fate >= 0.04:
                self.done[place].add(key)
        if fate < 0.04:
            return self.answer(door, 503, b"{}")
        if fate < 0.06:
            door.close_connection = True  # it took place, and nobody hears of it
            return
        with self.lock:
            self.answered.setdefault(place, self.tick())
        self.answer(door, 200, body)

    @staticmethod
    def answer(door, status, body):
        door.send_response(status)
        door.send_header("Content-Type", "application/json")
        door.send_header("Content-Length", str(len(body)))
        door.end_headers()
        door.wfile.write(body)


class Starter(threading.Thread):
    """Starts runs one after another until each is acknowledged; every fifth twice, every tenth with another body."""

    def __init__(self, trial, numbers, seed):
        super().__init__(daemon=True)
        self.trial, self.numbers, self.rng = trial, numbers, random.Random(seed)
        self.ids, self.wrong = {}, []

    def ask(self, n, body):
        """(status, answer), however often it takes."""
        while not self.trial.stop.is_set():
            try:
                connection = http.client.HTTPConnection(self.trial.node.address, timeout=30)
                try:
                    status, answer = self.trial.node.request(connection, "POST", "/v1/workflows/oracle-flow/runs",
                                                             {"input": body}, {"Idempotency-Key": f"start-{n}"})
                finally:
                    connection.close()
            except (OSError, ValueError, TypeError, http.client.HTTPException):
                self.trial.stop.wait(0.02)
                continue
            if status not in (429, 503):
                return status, answer
            self.trial.stop.wait(0.02)
        return None, None

    def run(self):
        for n in self.numbers:
            body = {"sink": self.trial.sink.url, "n": n}
            status, answer = self.ask(n, body)
            if status != 202:
                self.wrong.append(f"the start of {n} was answered {status}: {answer}")
                continue
            self.ids[n] = answer["id"]
            if n % 5 == 0:
                status, again = self.ask(n, body)
                if status != 202 or again["id"] != answer["id"]:
                    self.wrong.append(f"the start of {n} again was answered {status}: {again}, not {answer['id']}")
            if n % 10 == 0:
                status, other = self.ask(n, dict(body, n=n + 1))
                if status != 409:
                    self.wrong.append(f"another start under the key of {n} was answered {status}: {other}")


class Trial:
    def __init__(self, options, rng, home):
        self.options, self.rng, self.stop = options, rng, threading.Event()
        folder = os.path.join(home, "flows")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "oracle-flow.yaml"), "w") as f:
            f.write(FLOW)
        self.settings = {"TROUPE_WORKFLOWS_DIR": folder}
        unsafe = [options.blind] if options.blind else []
        self.node, self.sink = Node(options.troupe, home, unsafe), Sink(random.Random(rng.random()))
        self.starters = [Starter(self, range(i, options.runs, STARTERS), rng.random()) for i in range(STARTERS)]

    def run(self):
        self.node.start(settings=self.settings)
        for one in self.starters:
            one.start()
        for _ in range(self.options.kills):
            self.end_once()
        deadline = time.monotonic() + 300
        for one in self.starters:
            one.join(max(0.0, deadline - time.monotonic()))

    def end_once(self):
        """By a kill at a random moment; blind, at the point where the loss of the guarantee shows."""
        self.node.wait(self.rng.uniform(0.05, self.options.life))
        self.node.kill()
        if self.options.blind:
            point = f"{self.rng.choice(BLIND_POINTS[self.options.blind])}:{self.rng.randrange(1, 40)}"
            if self.node.start(crash_at=point, settings=self.settings):
                self.node.wait(1.0)
            self.node.kill()
        self.node.start(settings=self.settings)

    def wait_for_all(self):
        """Until no run is open."""
        deadline = time.monotonic() + self.options.patience
        while time.monotonic() < deadline:
            page = self.node.get("/v1/runs?open=true&limit=1")
            if not page["items"]:
                return None
            threading.Event().wait(0.2)
        return f"after {self.options.patience} s runs are still open: {page['items']}"

    def judge(self):
        late = self.wait_for_all()
        wrong = [late] if late else []
        ids = {}
        for one in self.starters:
            ids.update(one.ids)
            wrong += one.wrong
        if len(ids) != self.options.runs:
            wrong.append(f"{len(ids)} of {self.options.runs} starts were acknowledged")
        listed = [line["id"] for line in self.node.items("/v1/runs")]
        if sorted(listed) != sorted(ids.values()):
            wrong.append(f"{len(ids)} runs were acknowledged, and the node has {len(listed)}")
        keys = collections.Counter()
        for n, run in ids.items():
            wrong += self.judge_run(n, run)
            for step in steps_of(n):
                keys.update({key for _, key in self.sink.asked[(n, step)]})
        shared = [key for key, places in keys.items() if places > 1]
        if shared:
            wrong.append(f"{len(shared)} keys stand for more than one step: {shared[:3]}")
        return wrong

    def judge_run(self, n, run):
        view = self.node.get(f"/v1/runs/{run}")
        if view["state"] != "completed":
            yield f"run {n} is {view['state']}: {view['reason']}"
        elif view["output"] != {"first": n, "sum": 3, "last": n}:
            yield f"run {n} gave {view['output']}"
        for step in AFTER:
            asked = self.sink.asked.get((n, step), [])
            if bool(asked) != (step in steps_of(n)):
                yield f"run {n} asked for {step} {len(asked)} times"
            if len({key for _, key in asked}) > 1 or any(key is None for _, key in asked):
                yield f"run {n} asked for {step} under the keys {sorted({str(key) for _, key in asked})}"
            if asked and len(self.sink.done[(n, step)]) != 1:
                yield f"run {n} had {step} done {len(self.sink.done[(n, step)])} times"
            for before in AFTER[step]:
                if asked and asked[0][0] < self.sink.answered.get((n, before), 1 << 60):
                    yield f"run {n} asked for {step} before {before} was answered"

    def tell(self):
        asked = sum(len(all_) for all_ in self.sink.asked.values())
        print(f"{self.options.runs} runs, {self.node.starts - 1} kills; the sink was asked {asked} times for "
              f"{len(self.sink.asked)} steps, {asked - len(self.sink.asked)} times again under their keys")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("troupe")
    parser.add_argument("--runs", type=int, default=1200)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--life", type=float, default=1.0, help="seconds that a node lives at most")
    parser.add_argument("--patience", type=int, default=300, help="seconds until all runs must be over")
    parser.add_argument("--blind", choices=("early_ack",))
    parser.add_argument("--keep")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    home = options.keep or tempfile.mkdtemp(prefix="troupe-flows-")
    os.makedirs(home, exist_ok=True)
    trial = Trial(options, random.Random(options.seed), home)
    try:
        trial.run()
        wrong = trial.judge()
        trial.tell()
    finally:
        trial.stop.set()
        trial.node.kill()
    if options.keep or (wrong and not options.blind):
        print(f"everything is in {home}")
    else:
        shutil.rmtree(home, ignore_errors=True)
    for sentence in wrong[:20]:
        print("SEEN:" if options.blind else "VIOLATION:", sentence)
    print("flows: no violation" if not wrong else f"flows: {len(wrong)} violations")
    return (0 if wrong else 1) if options.blind else (1 if wrong else 0)


if __name__ == "__main__":
    sys.exit(main())
