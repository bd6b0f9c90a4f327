"""Following projects: hearing that one has changed, as long as the one who listens may read it.

What is heard is that something happened, never what. A project that is not there for whoever listens is followed like
any other, and never changes until it is there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping

from vdw.domain.ids import ProjectId
from vdw.domain.principal import Permission, Principal
from vdw.service.environment import Environment
from vdw.store.interface import ProjectRow, Reader

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
        self._rows: Mapping[str, ProjectRow | None] = {}

    async def begin(self) -> None:
        """What happens from now on is heard. Raises `VdwError` as `admit` does, forbidden, busy and storage."""
        principal = await self._admitted()
        self._seq, self._rows = self._env.store.read(lambda reader: (reader.last_seq(), self._look(reader, principal)))

    async def changed(self) -> frozenset[str]:
        """Waits for a change; the names that have changed since the last time. Raises like `begin`."""
        principal = await self._admitted()
        while True:
            seen, self._seq = self._seq, await self._env.watch.wait(self._seq, LOOK_S, self._projects())
            if self._seq == seen:
                continue
            now = self._env.store.read(lambda reader: self._look(reader, principal))
            if changed := frozenset(name for name, row in now.items() if _differs(name, self._rows[name], row)):
                await self._admitted()
                self._rows = now
                return changed

    async def _admitted(self) -> Principal:
        principal = await self._admit()
        principal.require(Permission.PROJECT_READ)
        return principal

    def _projects(self) -> list[ProjectId] | None:
        """Those to wait for; None where any could be it: one that is not there yet, or a new one in the list."""
        rows = [row for row in self._rows.values() if row is not None]
        return None if len(rows) < len(self._rows) or ALL in self._names else [row.id for row in rows]

    def _look(self, reader: Reader, principal: Principal) -> Mapping[str, ProjectRow | None]:
        """Name → the project; `ALL` → the newest of all."""
        found = {name: reader.project(principal.tenant, name) for name in self._names - {ALL}}
        if ALL in self._names:
            newest = reader.projects(principal.tenant, limit=1).rows
            found[ALL] = newest[0] if newest else None
        return found


def _differs(name: str, before: ProjectRow | None, now: ProjectRow | None) -> bool:
    """Whether the project has a new event; of the list, whether it has a new project."""
    if before is None or now is None or before.id != now.id:
        return before is not now
    return name != ALL and before.version != now.version
