#!/usr/bin/env python3
"""Settings that bound a node, against a real one: node_limits.py TROUPE."""
import http.client
import shutil
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True

from oracle_node import Node


def post(node, kind, key, type_, body):
    connection = http.client.HTTPConnection(node.address, timeout=30)
    try:
        return node.request(connection, "POST", f"/v1/agents/{kind}/{key}/messages", {"type": type_, "body": body})[0]
    finally:
        connection.close()


def until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    return condition()


def accepted_behind_a_nap(node, most):
    """How many messages are taken for an agent that sleeps, before one is refused with 429."""
    post(node, "probe.sleeper", "busy", "nap", {"ms": 60_000, "times": 1})
    until(lambda: node.get("/v1/agents/probe.sleeper/busy").get("state") == "waiting")
    for taken in range(most + 1):
        if (status := post(node, "probe.sleeper", "busy", "nap", {"ms": 1, "times": 1})) != 202:
            return taken if status == 429 else f"status {status}"
    return "no end"


def active_agents(node):
    for n in range(30):
        post(node, "probe.bomb", n, "count", {})
    if not until(lambda: node.get("/v1/nodes")["items"][0]["active_agents"] <= 6):
        return f"{node.get('/v1/nodes')['items'][0]['active_agents']} agents stay active"
    if any(node.number("probe.bomb", n, "counted") != 1 for n in range(30)):
        return "a passivated agent lost its state"
    return None


def trial(troupe, settings, check):
    home = tempfile.mkdtemp(prefix="troupe-limits-")
    node = Node(troupe, home)
    try:
        node.start(settings=settings)
        return check(node)
    finally:
        node.kill()
        shutil.rmtree(home, ignore_errors=True)


def main():
    troupe, wrong = sys.argv[1], []
    if told := trial(troupe, {"TROUPE_RUNTIME_ACTIVE_AGENTS_MAX": "6"}, active_agents):
        wrong.append(told)
    for setting, most in (("MAILBOX_MAX", 3), ("SENDER_PENDING_MAX", 5)):
        taken = trial(troupe, {f"TROUPE_RUNTIME_{setting}": str(most)}, lambda node: accepted_behind_a_nap(node, 20))
        if taken != most:
            wrong.append(f"with {setting} {most} the node took {taken} messages")
    for sentence in wrong:
        print("WRONG:", sentence)
    print("node limits: all hold" if not wrong else f"node limits: {len(wrong)} do not hold")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
