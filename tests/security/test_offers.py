"""Clients that offer another protocol with each request, as all do that stand on Java's, are served like any other."""

from __future__ import annotations

import http.client

import pytest

from tests.interaction.servers import Served
from tests.security.attacks import BEARER, CONTENT, HOST, Request, connected, with_authorization

H2C = (("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c"), ("HTTP2-Settings", "AAEAAEAAAAIAAAABAAMAAABk"))


def test_a_request_that_offers_http_2_is_answered_and_the_connection_goes_on(served: Served, key: str) -> None:
    offering = Request(HOST + H2C + BEARER + CONTENT).filled(served.port, key).raw()
    plain = Request().filled(served.port, key).raw()
    with connected(served.port) as line:
        line.connect()
        replies = []
        for request in (offering, offering, plain):
            line.sock.sendall(request)
            reply = http.client.HTTPResponse(line.sock)
            reply.begin()
            replies.append((reply.status, b"create_project" in reply.read()))

    assert replies == [(200, True)] * 3


@pytest.mark.parametrize("refused", [with_authorization("Bearer wrong"), Request(path="/elsewhere")])
def test_an_offer_opens_no_other_way_in(refused: Request, served: Served, key: str) -> None:
    asked = Request(refused.headers + H2C, refused.body, refused.method, refused.path).filled(served.port, key)
    with connected(served.port) as line:
        line.connect()
        line.sock.sendall(asked.raw())
        reply = http.client.HTTPResponse(line.sock)
        reply.begin()

    assert reply.status in (401, 404)
