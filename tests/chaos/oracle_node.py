"""A node as the oracle has it: a process to be killed, a door to talk to, and clients that never give up."""

import http.client
import json
import os
import signal
import subprocess
import threading
import time


class Node:
    def __init__(self, troupe, home, unsafe=()):
        self.troupe, self.home, self.data = os.path.abspath(troupe), home, os.path.join(home, "data")
        self.unsafe = list(unsafe)
        self.process, self.address = None, None
        self.starts, self.own_ends, self.settings = 0, [], {}

    def start(self, crash_at=None, settings=()):
        """Until it is ready, or has died at the point where it was to die. False: it did."""
        card = os.path.join(self.data, "node.json")
        if os.path.exists(card):
            os.remove(card)
        environment = dict(os.environ, TROUPE_UNSAFE_FOR_TESTS=",".join(self.unsafe), TROUPE_CRASH_AT=crash_at or "")
        environment.update(self.settings, **dict(settings))
        with open(os.path.join(self.home, "log"), "ab") as log:
            self.process = subprocess.Popen([self.troupe, "--data", self.data, "up", "--port", "0"], cwd=self.home,
                                            stdout=log, stderr=log, env=environment)
        self.starts += 1
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            ended = self.process.poll()
            if ended is not None:
                self.own_ends.append(ended)
                if ended in (-signal.SIGKILL, -signal.SIGSEGV):
                    return False
                raise SystemExit(f"the node ended by itself with {ended}, see {self.home}/log")
            try:
                with open(card) as f:
                    self.address = json.load(f)["url"].removeprefix("http://")
                self.get("/readyz")
                return True
            except (OSError, ValueError, http.client.HTTPException):
                threading.Event().wait(0.02)
        raise SystemExit("the node did not become ready within a minute")

    def start_whatever_happens(self, settings=()):
        """Poison may end it again and again; three times each, and then it must live."""
        while not self.start(settings=settings):
            pass

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def wait(self, seconds):
        """True: it ended within that time, by itself."""
        try:
            self.own_ends.append(self.process.wait(seconds))
            return True
        except subprocess.TimeoutExpired:
            return False

    def kill(self):
        if self.process is None:
            return
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def request(self, connection, method, path, body=None, headers=None):
        connection.request(method, path, None if body is None else json.dumps(body),
                           {"content-type": "application/json", **(headers or {})})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection(self.address, timeout=30)
        try:
            return self.request(connection, method, path, body)[1]
        finally:
            connection.close()

    def get(self, path):
        return self.ask("GET", path)

    def items(self, path):
        found, cursor = [], ""
        while True:
            page = self.get(f"{path}{'&' if '?' in path else '?'}limit=1000" + (f"&cursor={cursor}" if cursor else ""))
            found += page["items"]
            cursor = page.get("next_cursor") or ""
            if not cursor:
                return found

    def books(self):
        return self.get("/v1/nodes")["items"][0]["messages"]

    def ledgers(self):
        """The files of the simulated bank."""
        return [os.path.join(self.data, "bank-ledger.jsonl")]

    def documents(self, kind, key):
        agent = self.get(f"/v1/agents/{kind}/{key}")
        return {d["key"]: d["body"] for d in agent.get("state_documents", [])}

    def number(self, kind, key, document):
        return int(self.documents(kind, key).get(document, 0))

    def settle(self, seconds):
        """Until nothing is on its way and no agent waits for anything; else what is left, as a sentence."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                busy = [a for a in self.items("/v1/agents")
                        if a["state"] not in ("idle", "passive") and not a["id"].startswith("ingress/")]
                pending = self.books()["pending"]
                if not busy and pending == 0:
                    return None
            except (OSError, ValueError, http.client.HTTPException):
                busy, pending = [], "an unknown number of"
                if not self.alive():
                    self.start_whatever_happens()
            if time.monotonic() > deadline:
                return (f"after {seconds} s {pending} messages are still on their way, and "
                        + (", ".join(f"{a['id']} is {a['state']}" for a in busy[:5]) or "nobody is busy"))
            threading.Event().wait(0.1)


class Client:
    """One connection. `send` asks again under the same key until it is answered."""

    def __init__(self, node, stop):
        self.node, self.stop = node, stop
        self.connection, self.address = None, None

    def send(self, key, kind, agent, message):
        """(202, id), (status, answer) when it was refused for good, or None when the oracle stops."""
        while not self.stop.is_set():
            try:
                if self.connection is None or self.address != self.node.address:
                    self.address = self.node.address
                    self.connection = http.client.HTTPConnection(self.address, timeout=30)
                status, answer = self.node.request(self.connection, "POST", f"/v1/agents/{kind}/{agent}/messages", message,
                                                   {"Idempotency-Key": key})
            except (OSError, ValueError, TypeError, http.client.HTTPException):
                self.connection = None
                self.stop.wait(0.01)
                continue
            if status == 202:
                return 202, answer["id"]
            if status not in (429, 503):
                return status, answer
            self.stop.wait(0.02)
        return None


class Caller(threading.Thread):
    """Sends its orders one after another; each is (key, kind, agent, message)."""

    def __init__(self, node, orders, stop):
        super().__init__(daemon=True)
        self.client, self.orders = Client(node, stop), orders
        self.acknowledged, self.refused = 0, []

    def run(self):
        for key, kind, agent, message in self.orders:
            told = self.client.send(key, kind, agent, message)
            if told is None:
                return
            if told[0] == 202:
                self.acknowledged += 1
            else:
                self.refused.append((key, *told))


class Twins(threading.Thread):
    """The same key twice at the same moment, with the same body or another: the node must take one of them."""

    def __init__(self, node, orders, stop):
        super().__init__(daemon=True)
        self.node, self.orders, self.stop = node, orders, stop
        self.acknowledged, self.wrong, self.taken = 0, [], []

    def run(self):
        for key, kind, agent, first, second in self.orders:
            told = [None, None]
            start = threading.Barrier(2)

            def send(which, message):
                client = Client(self.node, self.stop)
                start.wait()
                told[which] = client.send(key, kind, agent, message)

            both = [threading.Thread(target=send, args=(i, m)) for i, m in enumerate((first, second))]
            for one in both:
                one.start()
            for one in both:
                one.join()
            if None in told:
                return
            self.judge(key, first, second, told)

    def judge(self, key, first, second, told):
        statuses = sorted(t[0] for t in told)
        self.acknowledged += 1
        if first == second and (statuses != [202, 202] or told[0][1] != told[1][1]):
            self.wrong.append(f"twins with one body under {key} were told {told}")
        if first != second and statuses != [202, 409]:
            self.wrong.append(f"twins with two bodies under {key} were told {told}")
        self.taken.append(first if told[0][0] == 202 else second)
