"""An offer to go on in another protocol changes nothing in what a request says, wherever its bytes are cut."""

from __future__ import annotations

import httptools
import pytest

from vdw.transport.offers import OfferIgnoringParser

OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAE\r\n"
BODIES = {
    "with a length": b"Content-Length: 5\r\n\r\nhello",
    "in chunks": b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    "with none": b"\r\n",
}


class Listener:
    """What was heard: a request each, with its body, and whether it is whole."""

    def __init__(self) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.requests: list[tuple[bytes, bytes, bool]] = []

    def on_message_begin(self) -> None:
        self.headers = []

    def on_url(self, url: bytes) -> None:
        self.headers.append((b":path", url))

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        path = b"".join(value for name, value in self.headers if name == b":path")
        self.requests.append((path, b"", False))

    def on_body(self, body: bytes) -> None:
        path, begun, _ = self.requests[-1]
        self.requests[-1] = path, begun + body, False

    def on_message_complete(self) -> None:
        path, body, _ = self.requests[-1]
        self.requests[-1] = path, body, True

    def read_on(self) -> None:
        path, body, _ = self.requests[-1]
        self.requests[-1] = path, body, False


def heard(*pieces: bytes) -> list[tuple[bytes, bytes, bool]]:
    listener = Listener()
    parser = OfferIgnoringParser(listener)
    for piece in pieces:
        parser.feed_data(piece)
    return listener.requests


@pytest.mark.parametrize("name", BODIES)
def test_a_request_is_read_as_if_it_offered_nothing_wherever_it_is_cut(name: str) -> None:
    asked = b"POST /a HTTP/1.1\r\nHost: x\r\n" + OFFER + BODIES[name]
    sent = asked + asked + b"POST /b HTTP/1.1\r\nHost: x\r\n" + BODIES[name]
    body = b"" if name == "with none" else b"hello"

    found = {tuple(heard(sent[:cut], sent[cut:])) for cut in range(len(sent) + 1)}

    assert found == {((b"/a", body, True), (b"/a", body, True), (b"/b", body, True))}


def test_a_body_that_is_not_all_there_makes_no_whole_request() -> None:
    asked = b"POST /a HTTP/1.1\r\n" + OFFER + b"Content-Length: 5\r\n\r\nhell"

    assert heard(asked) == [(b"/a", b"hell", False)]


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: -1\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
    ],
)
def test_a_wrong_framing_is_as_wrong_as_without_an_offer(framing: bytes) -> None:
    plain = b"POST /a HTTP/1.1\r\n" + framing + b"\r\nhello"

    with pytest.raises(httptools.HttpParserError):
        httptools.HttpRequestParser(Listener()).feed_data(plain)
    with pytest.raises(httptools.HttpParserError):
        heard(plain.replace(b"\r\n", b"\r\n" + OFFER, 1))
