"""The rest of CORE.md section 11 that one node can show: lives that end, calls that are late, poison, upgrades."""

import threading
import time

from oracle_load import Load


def tally(node, agent, ns, what):
    """Whether exactly these orders came, each once."""
    found = node.documents("probe.tally", agent)
    wanted = {"count": len(ns), "sum": sum(ns), "squares": sum(n * n for n in ns)}
    told = {k: found.get(k) for k in (*wanted, "violation")}
    if ns and told != {**wanted, "violation": None}:
        yield f"of {len(ns)} {what} {wanted} were taken, the tally says {told}"


class Mayflies(Load):
    """Agents that are purged and created again, as receivers of outside orders and of others' mail, and as senders."""

    may_linger = False  # a rival's activation is unknown to its node, which then does not retire the agent

    def __init__(self, rng, count):
        super().__init__(rng)
        for n in range(count):
            fly = str(rng.randrange(6))
            if n % 2:
                self.order("probe.mayfly", fly, "flit", {"n": n})
            else:
                self.order("probe.caller", n % 4, "nudge", {"to": fly, "n": n})
        self.births = 0

    def judge(self, node):
        yield from tally(node, "mayflies", [o[3]["body"]["n"] for o in self.orders], "orders of mayflies")
        living = lambda: sorted(a["id"] for a in node.items("/v1/agents?prefix=probe.mayfly"))
        deadline = time.monotonic() + 30  # the last one's day may just have begun
        while not self.may_linger and living() and time.monotonic() < deadline:
            threading.Event().wait(0.1)
        agents = living()
        if any("mayfly" in l["to"] for l in node.items("/v1/dead-letters")):
            yield "mail for a mayfly became a dead letter"
        if agents and len(self.orders) > 50 and not self.may_linger:
            yield f"mayflies outlive their day: {agents}"


class Naps(Load):
    """Suspended for long, resumed by timers only."""

    def __init__(self, rng, count, ms):
        super().__init__(rng)
        for n in range(count):
            self.order("probe.sleeper", n, "nap", {"ms": ms, "times": 20})

    def judge(self, node):
        for n in range(len(self.orders)):
            found = node.documents("probe.sleeper", n)
            if found.get("done") != 1 or found.get("steps") != 20:
                yield f"sleeper {n} woke {found.get('steps')} times and ended {found.get('done')} times"


class Insistence(Load):
    """Calls that time out and are made again under their key: cancels overtake their mail, and each ends once."""

    def __init__(self, rng, count):
        super().__init__(rng)
        for n in range(count):
            self.order("probe.patient", n % 8, "insist", {"n": n, "at": str(n % 3)})

    def judge(self, node):
        served = sum(node.number("probe.patient", p, "served") for p in range(8))
        gave_up = sum(node.number("probe.patient", p, "given_up") for p in range(8))
        ended = sum(node.number("probe.slow", s, "ended") for s in range(3))
        if (served, gave_up, ended) != (len(self.orders), 0, len(self.orders)):
            yield f"{len(self.orders)} insisted calls: {served} served, {gave_up} given up, {ended} ended at their callees"


class Signals(Load):
    """Signals before and after their wait. Control messages create nobody, so the waiters are touched first."""

    def __init__(self, rng, count):
        super().__init__(rng)
        self.first = [(f"touch-{w}", "probe.waiter", str(w), {"type": "touch", "body": {}}) for w in range(4)]
        for n in range(count):
            signal = ("probe.caller", n % 4, "beckon", {"n": n, "to": str(n % 4)})
            wait = ("probe.waiter", n % 4, "await", {"n": n})
            for order in (signal, wait) if n % 2 else (wait, signal):
                self.order(*order)
        self.waits = count

    def judge(self, node):
        found = [node.documents("probe.waiter", w) for w in range(4)]
        if sum(d.get("got", 0) for d in found) != self.waits or any("violation" in d for d in found):
            yield f"{self.waits} signals reached their waits like this: {found}"


class Rings(Load):
    """Agents that call each other in a circle: told at once, or by the deadline when two circles cross."""

    def __init__(self, rng, count):
        super().__init__(rng)
        for n in range(count):
            self.order("probe.ring", n % 3, "spin", {"n": n})

    def judge(self, node):
        ends = {}
        for k in range(3):
            for key, count in node.documents("probe.ring", k).items():
                ends[key] = ends.get(key, 0) + count
        known = {"ended/call_cycle", "ended/timeout", "ended/canceled", "ended/expired"}
        if ends.get("ended/call_cycle", 0) < 1 or not set(ends) <= known:
            yield f"rings ended like this: {ends}"


class Poison(Load):
    """Ends after its third crash, in a dead letter; what stands behind it is applied."""

    def __init__(self, rng):
        super().__init__(rng)
        self.bombs = [(how, later) for how in ("throw", "segv") for later in (False, True)]
        for i, (how, later) in enumerate(self.bombs):
            self.order("probe.bomb", i, "explode", {"how": how, "later": later})
            self.order("probe.bomb", i, "count", {})

    def judge(self, node):
        letters = [l for l in node.items("/v1/dead-letters") if l["reason"] == "agent.crashed"]
        if len(letters) != len(self.bombs):
            yield f"{len(self.bombs)} poisonous messages became {len(letters)} dead letters"
        for i, bomb in enumerate(self.bombs):
            found = node.documents("probe.bomb", i)
            if found != {"counted": 1}:
                yield f"behind the poison {bomb} the agent holds {found}"


class Upgrades(Load):
    """Open tasks meet the next build: they end by the rules they began with, new ones take one step more."""

    def __init__(self, rng, count):
        super().__init__(rng)
        for n in range(count):
            self.order("probe.upgraded", n, "walk", {"ms": 150})

    def judge(self, node):
        found = [node.documents("probe.upgraded", n) for n in range(len(self.orders))]
        done = sum(d.get("done", 0) for d in found)
        if done != len(self.orders) or any(d.get("further", 0) > 1 for d in found):
            yield f"{done} of {len(self.orders)} tasks ended over the upgrade: {found}"


def twin_orders(rng, count):
    """(key, kind, agent, body, other body); every second pair has two bodies."""
    for n in range(count):
        bodies = [{"type": "tally", "body": {"source": f"twin-{n}", "seq": 1, "n": n + i}} for i in (0, n % 2)]
        yield (f"twin-{n}", "probe.tally", "twins", *bodies)


def judge_twins(node, twins):
    yield from twins.wrong
    yield from tally(node, "twins", [m["body"]["n"] for m in twins.taken], "twins")
