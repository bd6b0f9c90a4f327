"""The composition root: the only place that wires what stands on what. It decides nothing.

Imports are late, inside what needs them: `vdw --help` answers before a store, a server or an event loop is loaded, and
a client's `vdw mcp` before anything that only a verdict needs (`tests/interaction/cli/test_imports.py` holds that).
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from vdw.config import Settings, load_settings
from vdw.errors import ErrorCode, VdwError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from vdw.auth.api_keys import ApiKeys
    from vdw.domain.principal import Principal
    from vdw.server.registry import Surface
    from vdw.service.environment import Environment
    from vdw.store.sqlite.store import SqliteStore


class App:
    """One process of the product. What it opens, it opens at first use and closes in `close`: the store first, and
    alone until something is asked for that takes trust or a verdict, so that a client's process answers soon.
    `surface` makes what its server offers: the product's, if nothing else is given."""

    def __init__(self, options: dict[str, str | None], surface: Callable[[], Surface] | None = None) -> None:
        self._options = options
        self._surface = surface or _own_surface
        self._settings: Settings | None = None
        self._opened: SqliteStore | None = None
        self._environment: Environment | None = None

    @property
    def settings(self) -> Settings:
        if self._settings is None:
            self._settings = load_settings(self._options)
        return self._settings

    def with_options(self, options: dict[str, str | None]) -> App:
        """The same command line with some settings given."""
        given = {name: value for name, value in options.items() if value is not None}
        return App({**self._options, **given}, self._surface)

    def environment(self) -> Environment:
        if self._environment is None:
            self._environment = self._environment_over(self._store())
        return self._environment

    def founding_environment(self) -> Environment:
        """An environment over a store that is made if it is not there; for `vdw init` and the demo alone."""
        if self._environment is None:
            self._environment = self._environment_over(self._store(create=True))
        return self._environment

    def random_bytes(self, size: int) -> bytes:
        """So many bytes of the operating system's randomness; where all ids, salts and keys of this process come
        from."""
        return os.urandom(size)

    def operator(self) -> Principal:
        """The operating-system user at the command line. Raises `VdwError`: not_initialised; storage, busy."""
        from vdw.domain.ids import PrincipalId
        from vdw.domain.principal import KIND_PERMISSIONS, Principal, PrincipalKind

        tenants = self._store().read(lambda reader: reader.tenants())
        if not tenants:
            raise not_initialised()
        kind = PrincipalKind.OPERATOR
        return Principal(PrincipalId("operator"), tenants[0][0], kind, None, KIND_PERMISSIONS[kind])

    async def close(self) -> None:
        if self._environment is not None:
            await self._environment.reasoner.close()
            self._environment = None
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def require_address(self) -> None:
        """Raises `VdwError` (configuration) where `serve` could not listen now."""
        from vdw.transport.http import bind_loopback

        bind_loopback(self.settings.host, self.settings.port).close()

    def serve(self, *, demo: bool, welcome: Callable[[str], str] | None = None) -> None:
        """Serves HTTP until stopped; `welcome` makes what is printed beside the address. What was opened is closed
        afterwards.

        Raises `VdwError`: not_initialised; configuration for an address that is taken or none of this machine, and
        where a demo's store is served without `demo` or another with it; storage, busy.
        """
        import asyncio

        try:
            self._serve_http(demo=demo, welcome=welcome)
        finally:
            asyncio.run(self.close())

    def _serve_http(self, *, demo: bool, welcome: Callable[[str], str] | None) -> None:
        with _uncollected():
            from vdw.server.log import set_up_log
            from vdw.server.mcp_server import build_server
            from vdw.server.pipeline import Pipeline
            from vdw.transport.connections import allow_many_files
            from vdw.transport.edge import HttpCaller
            from vdw.transport.http import MCP_PATH, bind_loopback, host_and_port, http_app, http_server

            set_up_log(self.settings.log_level, debug=self.settings.debug)
            allow_many_files()
            self._require_kind(demo=demo)
            self.environment()  # all of it before the first call, which others would wait for
            listener = bind_loopback(self.settings.host, self.settings.port)
            surface = self._surface()
            pipeline = Pipeline(self.environment, HttpCaller(), self.settings.command, surface)
            host = host_and_port(self.settings.host, int(listener.getsockname()[1]))
            server = build_server(pipeline, self._state_keys())
            app = http_app(server, surface, self._api_keys, host)
        address = f"http://{host}{MCP_PATH}"
        sys.stdout.write(f"vdw serves MCP on {address}; stop with Ctrl-C\n")
        if welcome is not None:
            sys.stdout.write(f"{welcome(address)}\n")
        sys.stdout.flush()
        http_server(app).run(sockets=[listener])

    def serve_stdio(self, *, demo: bool) -> None:
        """Serves one client on stdin and stdout until it goes away, also before anything is founded. What was opened is
        closed afterwards. Raises `VdwError` like `serve`, but not_initialised, which each call is told."""
        import asyncio

        try:
            self._serve_stdio(demo=demo)
        finally:
            asyncio.run(self.close())

    def _serve_stdio(self, *, demo: bool) -> None:
        @cache  # of what kind a store is never changes once it is founded, which may be after this process has started
        def opened() -> Environment:
            self._require_kind(demo=demo)
            return self.environment()

        with _uncollected():
            import anyio

            from vdw.server.log import set_up_log
            from vdw.server.mcp_server import build_server
            from vdw.server.pipeline import Pipeline
            from vdw.transport.stdio import StdioCaller, run_stdio

            set_up_log(self.settings.log_level, debug=self.settings.debug)
            try:
                self._require_kind(demo=demo)
            except VdwError as error:
                if error.code is not ErrorCode.NOT_INITIALISED:
                    raise
            caller = StdioCaller(self._api_keys, self.settings.key)
            pipeline = Pipeline(opened, caller, self.settings.command, self._surface())
            server = build_server(pipeline, self._state_keys(), one_session=True)
        anyio.run(run_stdio, server)

    def _store(self, *, create: bool = False) -> SqliteStore:
        if self._opened is None:
            if not create and not _has_content(self.settings.store_file):
                raise not_initialised()
            from vdw.store.sqlite.store import open_store

            self._opened = open_store(self.settings.store_file, create=create)
        return self._opened

    def _environment_over(self, store: SqliteStore) -> Environment:
        from vdw.domain.clock import now_utc
        from vdw.events.watch import EventWatch
        from vdw.reasoning.service import Reasoner
        from vdw.service.environment import Environment
        from vdw.service.trust_view import TrustView

        return Environment(
            store=store,
            reasoner=Reasoner(deadline_s=self.settings.verdict_seconds),
            trust=TrustView(self.settings.trust_file, store),
            watch=EventWatch(store),
            clock=now_utc,
            random_bytes=self.random_bytes,
            command=self.settings.command,
        )

    def _api_keys(self) -> ApiKeys:
        from vdw.auth.api_keys import ApiKeys

        env = self.environment()
        return ApiKeys(env.store, env.clock)

    def _state_keys(self) -> list[str] | None:
        """The configured keys, else those of the store if there is one: every process on it seals alike."""
        configured = [key.reveal() for key in self.settings.state_keys]
        if configured:
            return configured
        if not _has_content(self.settings.store_file):
            return None
        stored = self._store().read(lambda reader: reader.setting("state_key"))
        return [stored.hex()] if stored else None

    def _require_kind(self, *, demo: bool) -> None:
        """Refuses a demo's store without --demo, and --demo on a real one: the two never mix."""
        tenants = self._store().read(lambda reader: reader.tenants())
        if not tenants:
            raise not_initialised()
        is_demo = any(kind == "demo" for _, kind, _ in tenants)
        if is_demo and not demo:
            raise VdwError(
                ErrorCode.CONFIGURATION,
                "This is a demo's store: its gates prove nothing about a person.",
                "Look around in it with --demo, or begin for real with `vdw init`.",
            )
        if demo and not is_demo:
            raise VdwError(ErrorCode.CONFIGURATION, "This store is no demo's.", "Leave --demo out.")


def _own_surface() -> Surface:
    from vdw.server.surface import SURFACE

    return SURFACE


@contextmanager
def _uncollected() -> Iterator[None]:
    """A server's start without garbage collection: most of what is made then stays, and looking through it again and
    again takes a tenth of the start. What was made is left out of later collections as well, which stop all calls."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _has_content(path: Path) -> bool:
    """An empty file is what an interrupted `vdw init` leaves."""
    return path.exists() and path.stat().st_size > 0


def not_initialised() -> VdwError:
    return VdwError(
        ErrorCode.NOT_INITIALISED,
        "Nothing is set up here yet.",
        "Run once, in a terminal: vdw init --client claude-code; or name where it was set up: vdw --data FOLDER",
    )


def main() -> None:
    from vdw.cli.outermost import run_command_line

    sys.exit(run_command_line(App, sys.argv[1:]))
