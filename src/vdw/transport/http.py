"""Streamable HTTP on loopback. Stateless in both eras: a request needs nothing that an earlier one left behind.

A server that asks its clients questions needs sessions in the first era, because the answer comes as a request of its
own; the product asks nothing, and has none.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mcp.server.lowlevel.server import Server
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from vdw.auth.provider import AuthProvider
from vdw.errors import ErrorCode, VdwError
from vdw.server.registry import Surface
from vdw.transport.edge import SESSION_METHODS, Edge, loopback_names
from vdw.transport.messages import MAX_MESSAGE_BYTES
from vdw.transport.sessions import OwnedSessions
from vdw.transport.strict_bodies import StrictBodies
from vdw.transport.ways import Ways

if TYPE_CHECKING:
    import uvicorn

MCP_PATH = "/mcp"
KEEP_ALIVE_SECONDS = 30
GRACE_SECONDS = 10
"""How long open requests may finish after a stop signal, in seconds."""


def host_and_port(host: str, port: int) -> str:
    """As an address names them: `127.0.0.1:8321`, `[::1]:8321`."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def http_app(server: Server[Any], surface: Surface, provider: Callable[[], AuthProvider], host: str) -> ASGIApp:
    """The whole application as it is served at `host` (with its port): the edge over the SDK's transport. Where the
    surface asks its clients, those of the first era are given sessions; each request of one still has to bring its
    credential."""
    allowed = loopback_names(host)
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=sorted(allowed.hosts),
        allowed_origins=sorted(allowed.origins),
    )
    sessions = surface.asks_clients
    ways = Ways(server, sessions=sessions, max_bytes=MAX_MESSAGE_BYTES, security=security)
    inner = Starlette(routes=[Route(MCP_PATH, endpoint=ways)], lifespan=ways.run)
    if sessions:
        return Edge(StrictBodies(OwnedSessions(inner), surface), provider, allowed, SESSION_METHODS)
    return Edge(StrictBodies(inner, surface), provider, allowed)


def bind_loopback(host: str, port: int) -> socket.socket:
    """A listening socket. Raises `VdwError` (configuration) for an address that is not loopback, or a port that is
    taken."""
    _require_loopback(host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # now, so that the address is ours before anybody is told of it
    except OSError as error:
        listener.close()
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"Port {port} on {host} cannot be used; another program may have it.",
            f"Stop that program, or choose another port: vdw serve --port {port + 1 if port else 0}",
            reason=repr(error),
        ) from None
    return listener


def http_server(app: ASGIApp) -> uvicorn.Server:
    """Serves the app on the sockets that it is given, until SIGINT or SIGTERM; then lets open requests finish."""
    import uvicorn

    from vdw.transport.connections import BoundedConnection

    config = uvicorn.Config(
        app,
        http=BoundedConnection,
        log_config=None,  # its records go where ours go, and in the same form
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        lifespan="on",
    )
    return uvicorn.Server(config)


def _require_loopback(host: str) -> None:
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"{host} is not a loopback address, and this version has no TLS to serve others safely.",
            "Use --host 127.0.0.1.",
        )
