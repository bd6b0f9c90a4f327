"""A load from one process of ours, over plain sockets: an open loop at a given rate, or a closed one.

An open loop sends at its times whatever the server does; a call that finds no free connection waits, and its latency
counts from when it should have been sent. Nothing new is sent after the time is over, and the run ends with the last
answer. `select` keeps time to some 0.1 ms, where an event loop's timers keep it to 1 ms. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import re
import select
import socket
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path

import httptools

from bench.load.plan import Requests

PATIENCE_S = 30.0
"""How long the last answers may take before they count as lost."""
_GAP = re.compile(rb"@([A-Z]+)@")
_ID = re.compile(rb'"id":\s?(\d+)')


@dataclass(slots=True)
class Taken:
    """What came of a load. `answered`: without an error, for each call of the plan; latencies in microseconds, failed
    calls' too."""

    sent: int = 0
    answered: list[int] = field(default_factory=list)
    failed: int = 0
    lost: int = 0
    seconds: float = 0.0
    sample: str = ""
    latencies: list[int] = field(default_factory=list)


class Source:
    """Requests with their gaps filled."""

    def __init__(self, requests: Requests) -> None:
        self._seed, self._random, self._projects = requests.seed, requests.random, requests.projects
        self._pieces = [_GAP.split(request) for _, request in requests.calls]
        self._drawn = [place for place, (weight, _) in enumerate(requests.calls) for _ in range(weight)]
        self._chance = random.Random(requests.seed)  # noqa: S311 (a load, not a secret)

    def request(self, turn: int) -> bytes:
        if not self._random:
            pieces = self._pieces[self._drawn[turn % len(self._drawn)]]
        else:
            pieces = self._pieces[self._chance.choice(self._drawn)]
        if len(pieces) == 1:
            return pieces[0]
        filled = list(pieces)
        for place in range(1, len(pieces), 2):
            filled[place] = self._project(turn) if pieces[place] == b"PROJECT" else b"%06d%06d" % (self._seed, turn)
        return b"".join(filled)

    def _project(self, turn: int) -> bytes:
        return self._chance.choice(self._projects) if self._random else self._projects[turn % len(self._projects)]


class Connection:
    """One call at a time. `done` tells that its answer is whole."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.intended = 0.0
        self.done = False
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []

    def send(self, request: bytes, intended: float) -> None:
        self.intended, self.done, self._body = intended, False, []
        self.socket.sendall(request)

    def receive(self) -> None:
        """Raises `OSError` when the server has closed."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionResetError("the server closed the connection")
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        self.done = True

    def answer(self) -> tuple[int, bytes]:
        return self._parser.get_status_code(), b"".join(self._body)


class Load:
    """Runs a load once."""

    def __init__(self, address: tuple[str, int], requests: Requests, connections: int) -> None:
        self._taken = Taken(answered=[0] * len(requests.calls))
        self._address = address
        self._source = Source(requests)
        self._free = deque(Connection(address) for _ in range(connections))
        self._busy: dict[socket.socket, Connection] = {}

    def run(self, seconds: float, rate: float) -> Taken:
        """`rate` in calls per second; 0 for a closed loop."""
        began = time.perf_counter()
        end = began + seconds
        while True:
            now = time.perf_counter()
            due = began + self._taken.sent / rate if rate else now
            if due < end and due <= now and self._free:
                self._send(due)
                continue
            if (due >= end and not self._busy) or now >= end + PATIENCE_S:
                break
            self._receive(due - now if self._free and due < end else PATIENCE_S)
        self._taken.seconds = time.perf_counter() - began
        self._taken.lost += len(self._busy)
        return self._taken

    def close(self) -> None:
        """No connection is open."""
        for connection in (*self._free, *self._busy.values()):
            connection.socket.close()

    def _send(self, due: float) -> None:
        self._taken.sent += 1
        connection = self._free.popleft()
        self._busy[connection.socket] = connection
        connection.send(self._source.request(self._taken.sent), due)

    def _receive(self, patience: float) -> None:
        ready, _, _ = select.select(list(self._busy), [], [], patience)
        for one in ready:
            connection = self._busy[one]
            try:
                connection.receive()
            except OSError as error:
                self._lose(connection, error)
                continue
            if connection.done:
                del self._busy[one]
                self._free.append(connection)
                self._count(connection)

    def _lose(self, connection: Connection, error: OSError) -> None:
        self._taken.lost += 1
        self._taken.sample = self._taken.sample or repr(error)
        del self._busy[connection.socket]
        connection.socket.close()
        self._free.append(Connection(self._address))

    def _count(self, connection: Connection) -> None:
        taken = self._taken
        taken.latencies.append(round((time.perf_counter() - connection.intended) * 1e6))
        status, body = connection.answer()
        call = _ID.search(body)
        if status == 200 and call and b'"result"' in body and b'"isError":true' not in body:
            taken.answered[int(call[1]) - 1] += 1
            return
        taken.failed += 1
        taken.sample = taken.sample or f"{status} {body[:400].decode(errors='replace')}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("plan", type=Path)
    options.add_argument("address", help="host:port")
    options.add_argument("connections", type=int)
    options.add_argument("seconds", type=float)
    options.add_argument("--rate", type=float, default=0.0, help="calls per second; a closed loop if left out")
    chosen = options.parse_args()
    host, _, port = chosen.address.rpartition(":")
    load = Load((host, int(port)), Requests.read(chosen.plan), chosen.connections)
    gc.collect()
    gc.freeze()
    gc.disable()  # a pause of ours would show as one of the server's
    print(json.dumps(asdict(load.run(chosen.seconds, chosen.rate))))


if __name__ == "__main__":
    main()
