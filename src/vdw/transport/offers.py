"""A parser of requests that takes no offer to go on in another protocol, and reads the request as it is.

HTTP lets a server take no notice of such an offer (RFC 9110, section 7.8). Java's HTTP client offers HTTP/2 with every
request; httptools ends the request at its head then, and leaves its body unread.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import httptools

FRAMING = frozenset({b"content-length", b"transfer-encoding"})
"""The headers that say where a body ends (RFC 9112, section 6)."""


class Heard(Protocol):
    """Who hears what is parsed, as `httptools` tells it."""

    headers: list[tuple[bytes, bytes]]
    """Of the request at hand; names in lower case."""

    def on_message_begin(self) -> None: ...
    def on_url(self, url: bytes) -> None: ...
    def on_header(self, name: bytes, value: bytes) -> None: ...
    def on_headers_complete(self) -> None: ...
    def on_body(self, body: bytes) -> None: ...
    def on_message_complete(self) -> None: ...

    def read_on(self) -> None:
        """The request at hand, which was told to be whole, goes on with a body."""
        ...


class OfferIgnoringParser:
    """Stands in for `httptools.HttpRequestParser`. After an offer it goes on with a parser of its own for the body, to
    which it repeats the framing of the head. `heard` hears nothing of that, but `read_on` where there is a body."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._parser = _parser(heard)

    def feed_data(self, data: bytes) -> None:
        """Raises `httptools.HttpParserError`."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            framing = [(name, value) for name, value in self._heard.headers if name in FRAMING]
            self._go_on(framing, data[offer.args[0] :])

    def _go_on(self, framing: list[tuple[bytes, bytes]], rest: bytes) -> None:
        relay = _Relay(self._heard)
        self._parser = _parser(relay)
        self._parser.feed_data(_head(framing))
        relay.heard = True
        if not relay.whole:
            self._heard.read_on()
        if rest:
            self.feed_data(rest)

    def get_http_version(self) -> str:
        return str(self._parser.get_http_version())

    def get_method(self) -> bytes:
        return bytes(self._parser.get_method())

    def should_keep_alive(self) -> bool:
        return bool(self._parser.should_keep_alive())

    def should_upgrade(self) -> bool:
        return False


class _Relay:
    """Hands on what a parser tells once its own head has been read."""

    def __init__(self, heard: Heard) -> None:
        self._to = heard
        self.heard = False
        self.whole = False

    def on_message_begin(self) -> None:
        if self.heard:
            self._to.on_message_begin()

    def on_url(self, url: bytes) -> None:
        if self.heard:
            self._to.on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.heard:
            self._to.on_header(name, value)

    def on_headers_complete(self) -> None:
        if self.heard:
            self._to.on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._to.on_body(body)

    def on_message_complete(self) -> None:
        if self.heard:
            self._to.on_message_complete()
        else:
            self.whole = True


def _parser(heard: object) -> httptools.HttpRequestParser:
    parser = httptools.HttpRequestParser(heard)
    parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn has it
    return parser


def _head(framing: Iterable[tuple[bytes, bytes]]) -> bytes:
    lines = b"".join(b"%s: %s\r\n" % pair for pair in framing)
    return b"POST / HTTP/1.1\r\n%s\r\n" % lines
