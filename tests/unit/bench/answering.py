"""A server whose answers a test decides, for what sends loads."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[int], tuple[int, dict[str, object]]]
"""The number of a call, from 1 → status and what stands beside its id."""
GOOD: tuple[int, dict[str, object]] = (200, {"result": {"isError": False}})
BAD: dict[int, tuple[int, dict[str, object]]] = {
    3: (200, {"result": {"isError": True}}),
    5: (200, {"error": {"code": -32603}}),
    7: (503, {"result": {}}),
}
"""One of each way to fail, by the number of the call."""


@contextmanager
def serving(answer: Answer) -> Iterator[int]:
    counting = threading.Lock()
    calls = 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            nonlocal calls
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with counting:
                calls += 1
                number = calls
            status, more = answer(number)
            body = json.dumps({"jsonrpc": "2.0", "id": asked["id"], **more}, separators=(",", ":")).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """In silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
