"""Following projects: hearing that one has changed, as long as the one who listens may read it.

What is heard is that something happened, never what. A project that is not there for whoever listens is followed like
any other, and never changes until it is there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping

from vdw.domain.principal import Permission, Principal
from vdw.service.environment import Environment
from vdw.store.interface import Reader

LOOK_S = 60.0
"""How long one wait for the next event may take, in seconds; then another begins."""
ALL = ""
"""Stands among names for the list of all projects."""


class Following:
    """What one listener has seen of some projects. `admit` says who listens, and is asked again before anything is
    told."""

    def __init__(self, env: Environment, admit: Callable[[], Awaitable[Principal]], names: Collection[str]) -> None:
        """`names`: ids or slugs of projects, and `ALL`."""
        self._env = env
        self._admit = admit
        self._names = frozenset(names)
        self._seq = 0
        self._marks: Mapping[str, str] = {}

    async def begin(self) -> None:
        """What happens from now on is heard. Raises `VdwError` as `admit` does, forbidden, busy and storage."""
        principal = await self._admitted()
        self._seq, self._marks = self._env.store.read(lambda reader: (reader.last_seq(), self._look(reader, principal)))

    async def changed(self) -> frozenset[str]:
        """Waits for a change; the names that have changed since the last time. Raises like `begin`."""
        principal = await self._admitted()
        while True:
            seen, self._seq = self._seq, await self._env.watch.wait(self._seq, LOOK_S)
            if self._seq == seen:
                continue
            now = self._env.store.read(lambda reader: self._look(reader, principal))
            if changed := frozenset(name for name, mark in now.items() if mark != self._marks[name]):
                await self._admitted()
                self._marks = now
                return changed

    async def _admitted(self) -> Principal:
        principal = await self._admit()
        principal.require(Permission.PROJECT_READ)
        return principal

    def _look(self, reader: Reader, principal: Principal) -> Mapping[str, str]:
        """Name → a mark that is another after each event of the project."""
        found: dict[str, str] = {}
        for name in self._names - {ALL}:
            row = reader.project(principal.tenant, name)
            found[name] = f"{row.id} {row.version}" if row else ""
        if ALL in self._names:
            found[ALL] = " ".join(row.id for row in reader.projects(principal.tenant, limit=1).rows)
        return found
