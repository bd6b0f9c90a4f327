"""How many connections there may be, and what one may send before its request is whole, in bytes and in time, and
before its earlier requests are answered; uvicorn bounds none of it.

Nothing here reads a request: whoever makes it is known only behind `edge`, which needs the whole head first. The body
is counted and timed there.
"""

from __future__ import annotations

import asyncio
import logging
import resource

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from vdw.transport.offers import OfferIgnoringParser

logger = logging.getLogger(__name__)

MAX_HEAD_BYTES = 64 * 1024
"""Most bytes in a row that are no body: a head, trailers, the frame of a chunk. What h11 allows; the parser that we use
keeps all that comes, and a header of six bytes takes a hundred. One read more may have come when it is noticed."""
HEAD_SECONDS = 30
"""How long a head may take from the connection's beginning, or from the first byte after an answer; then the connection
is closed. As long as an idle connection stays (`http.KEEP_ALIVE_SECONDS`)."""
MAX_WAITING = 16
"""Requests of a connection that may wait for the answer to an earlier one. Clients send the next when they have that
answer. uvicorn keeps all that come, some 3 kB for each 18 bytes, and goes on reading after each answer."""

FILES_KEPT = 128
"""Files that the server keeps for itself: its store, with a connection a thread that reads, its workers, its log. Each
connection of a client is one more, up to the limit of the process."""
MAX_FILES = 16_384
"""Files that a server asks the system for, where it may have so many: usually it starts with 1,024, and on macOS with
256."""

_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


def allow_many_files() -> None:
    """This process may open `MAX_FILES` afterwards, or as many as the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MAX_FILES if hard == resource.RLIM_INFINITY else min(MAX_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _room_for_connections() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MAX_FILES if soft == resource.RLIM_INFINITY else max(1, soft - FILES_KEPT)


class TooManyWaitingError(Exception):
    """Ends the parsing of what a connection sent: uvicorn answers 400 and closes it."""


class BoundedConnection(HttpToolsProtocol):
    """Law. No client, with or without a credential, makes the server keep much more than `MAX_HEAD_BYTES` that are no
    body, more than `MAX_WAITING` requests behind the one at work, nor a connection longer than `HEAD_SECONDS` without a
    request; and all of them together leave it `FILES_KEPT` files, so that those who are connected are served."""

    _no_body = 0
    _in_head = False
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self.parser = OfferIgnoringParser(self)  # type: ignore[assignment] # it stands in for one
        if len(self.connections) > _room_for_connections():
            self._close("too many are open")
            return
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._await_no_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        # 1. Time: what comes after an answer begins a head, or is nothing that may go on for ever. Without a timer a
        #    head has come before.
        if self._head_timer is None and self.cycle.response_complete:
            self._await_head()
        # 2. Bytes: the callbacks below set the count back.
        self._no_body += len(data)
        super().data_received(data)
        if self._no_body > MAX_HEAD_BYTES and not self.transport.is_closing():
            if self._in_head:
                self.transport.write(_TOO_LARGE)
            self._close("more bytes than a head may have, and no body")

    def on_message_begin(self) -> None:
        # 3. Requests: each is as large when it waits as when it is at work.
        if len(self.pipeline) >= MAX_WAITING:
            logger.info("a connection closed: more than %d requests before an answer", MAX_WAITING)
            raise TooManyWaitingError
        self._in_head = True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        # 4. Trailers are no headers (RFC 9110, section 6.5.1): what has been checked is not added to.
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._no_body = 0
        self._await_no_head()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._no_body = 0
        super().on_body(body)

    def read_on(self) -> None:
        """The request at hand has a body after all; nothing behind has seen it yet, for all of this is one read."""
        self.cycle.more_body = True

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._close, "its head did not come in time")

    def _await_no_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _close(self, reason: str) -> None:
        logger.info("a connection closed: %s", reason)
        self.transport.close()
