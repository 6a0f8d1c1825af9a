"""What the oracle makes a node do, and how it judges each from outside: its own acknowledgements against what the
agents' documents and the bank's file say afterwards. Each load lists orders (key, kind, agent, message) and judges."""

import collections
import json
import os


class Load:
    """`share` of all orders; `plan` makes them, `judge` returns sentences."""

    share = 0.0

    def __init__(self, rng):
        self.rng, self.orders = rng, []
        self.first = []  # orders that come before everything else

    def order(self, kind, agent, type_, body):
        self.orders.append((f"{type(self).__name__}-{len(self.orders)}", kind, str(agent), {"type": type_, "body": body}))


class Forwards(Load):
    """Sequences per pair of source and ledger without gap, duplicate or reordering."""

    def __init__(self, rng, count, senders, receivers):
        super().__init__(rng)
        self.receivers = receivers
        for n in range(count):
            self.order("probe.source", n % senders, "forward", {"receiver": str(rng.randrange(receivers))})

    def judge(self, node):
        seen = collections.Counter()
        for r in range(self.receivers):
            for key, body in node.documents("probe.ledger", r).items():
                if key == "violation":
                    yield f"order broken at ledger {r}: {body}"
                else:
                    seen[(int(key.removeprefix("from/")), r)] = int(body)
        pairs = collections.Counter((int(o[2]), int(o[3]["body"]["receiver"])) for o in self.orders)
        for pair, count in pairs.items():
            if seen[pair] != count:
                yield f"source {pair[0]} -> ledger {pair[1]}: {seen[pair]} applied of {count} accepted"


class Payments(Load):
    """Money moves between accounts; none is made or lost."""

    def __init__(self, rng, count):
        super().__init__(rng)
        for _ in range(count):
            body = {"to": str(rng.randrange(8)), "amount": rng.randrange(1, 9)}
            self.order("probe.account", rng.randrange(8), "pay", body)

    def judge(self, node):
        cash = sum(node.number("probe.account", a, "cash") for a in range(8))
        if cash != 0:
            yield f"money was made or lost: {cash}"


def bank_keys(node):
    keys = collections.Counter()
    for path in filter(os.path.exists, node.ledgers()):
        with open(path) as f:
            keys.update(json.loads(line)["key"] for line in f if line.endswith("\n"))
    return keys


class Work(Load):
    """Tasks that wait for effects, timers, races and calls: each step once, each wire under its two keys."""

    def __init__(self, rng, count):
        super().__init__(rng)
        self.repeated = 0
        for n in range(count):
            self.order("probe.worker", rng.randrange(8), "work", {"order": n})

    def judge(self, node):
        count = len(self.orders)
        found = [node.documents("probe.worker", w) for w in range(8)]
        done, steps = sum(int(d.get("done", 0)) for d in found), sum(int(d.get("steps", 0)) for d in found)
        if done != count or steps != 3 * count:
            yield f"workers did {done} of {count} tasks in {steps} steps instead of {3 * count}"
        calls = sum(node.number("probe.ledger", f"calls-{w}", "calls") for w in range(8))
        if calls != count:
            yield f"workers called {calls} times in {count} tasks"
        keys = {k: n for k, n in bank_keys(node).items() if not k.startswith("fold/")}
        self.repeated = sum(keys.values()) - len(keys)
        if len(keys) != 2 * count:
            yield f"the bank saw {len(keys)} keys instead of {2 * count}"


class Once(Load):
    """Wires under `once`: paid, or of unknown outcome; never asked for again."""

    def __init__(self, rng, count):
        super().__init__(rng)
        for n in range(count):
            self.order("probe.once", n % 4, "wire", {"order": n})

    def judge(self, node):
        total = collections.Counter()
        for k in range(4):
            node.ask("POST", f"/v1/agents/probe.once/{k}", {})
            total.update(node.documents("probe.once", k).get("state", {}))
        keys = {k: n for k, n in bank_keys(node).items() if k.startswith("fold/")}
        if total["paid"] + total["unknown"] != len(self.orders) or total["ordered"] != len(self.orders):
            yield f"{len(self.orders)} wires under once came to {dict(total)}"
        if any(n > 1 for n in keys.values()):
            yield f"the bank was asked twice for {[k for k, n in keys.items() if n > 1]}"
        if not total["paid"] <= len(keys) <= len(self.orders):
            yield f"{total['paid']} wires count as paid, the bank knows {len(keys)}"
