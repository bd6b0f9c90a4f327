"""A project's events, read page by page as far as the caller goes, however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from vdw.domain.ids import ProjectId, TenantId
from vdw.lifecycle.events import Event, EventType
from vdw.lifecycle.phases import first_state, fold
from vdw.lifecycle.state import ProjectState
from vdw.service.loading import Loaded
from vdw.store.interface import EventRow, Reader

PAGE = 256
"""Events that are read from the store at once: some 100 KB."""


def newest_first(reader: Reader, tenant: TenantId, project: ProjectId, *types: EventType) -> Iterator[EventRow]:
    """The project's events of these types, from the newest to the oldest."""
    rows = reader.newest_events(tenant, project, types, limit=PAGE)
    while rows:
        yield from rows
        rows = reader.newest_events(tenant, project, types, before=rows[-1].version, limit=PAGE)


def oldest_first(reader: Reader, tenant: TenantId, project: ProjectId) -> Iterator[EventRow]:
    """All events of the project, in order."""
    rows = reader.events(tenant, project, limit=PAGE)
    while rows:
        yield from rows
        rows = reader.events(tenant, project, after=rows[-1].version, limit=PAGE)


def state_at(reader: Reader, loaded: Loaded, version: int) -> ProjectState:
    """The project as it was after its event of this version."""
    if version == loaded.state.version:
        return loaded.state
    rows = oldest_first(reader, loaded.row.tenant, loaded.row.id)
    happened = (Event(EventType(row.type), row.data) for row in takewhile(lambda row: row.version <= version, rows))
    state = first_state(next(happened))
    return fold(state, tuple(happened))
