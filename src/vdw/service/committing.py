"""Writing what a command decided: state, events and documents in one unit of work, under the version reasoned on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from vdw.domain.canonical import Digest, JsonObject, canonical_bytes, digest_bytes
from vdw.domain.clock import timestamp
from vdw.errors import ErrorCode, VdwError
from vdw.lifecycle.events import Event
from vdw.lifecycle.phases import fold
from vdw.lifecycle.state import ProjectState
from vdw.lifecycle.stored import state_to_text
from vdw.service.environment import Environment
from vdw.service.graph import ProjectGraph
from vdw.service.judging import Judged
from vdw.service.loading import Loaded
from vdw.store.interface import EventRow, ProjectRow, UnitOfWork

T = TypeVar("T")

CONFLICT_TRIES = 3
"""How often a command starts again when another one was quicker (decisions: Versions)."""

Write = Callable[[UnitOfWork], None]


def no_write(_: UnitOfWork) -> None:
    """For commands that store nothing beside their events."""


async def commit_events(
    env: Environment,
    loaded: Loaded,
    events: tuple[Event, ...],
    *,
    actor: str,
    write: Write = no_write,
    judged: tuple[Judged, ...] = (),
    graph: ProjectGraph | None = None,
) -> Loaded:
    """Commits the events, the verdicts taken on the way to them and what `write` stores, or nothing. `graph` holds the
    documents after the events; None where they are those of before.

    Raises `VdwError` (conflict) when the project's version is no longer the one that was loaded: the caller
    starts again (`retried`).
    """
    after = fold(loaded.state, events)
    now = timestamp(env.clock())
    row = row_of(loaded.row, after, now, stale=bool(graph.outdated()) if graph else loaded.row.stale)

    def work(uow: UnitOfWork) -> None:
        uow.save_project(row, expected_version=loaded.row.version)
        for offset, event in enumerate(events, start=1):
            uow.add_event(event_row(row, loaded.row.version + offset, event, actor, now))
        for verdict in judged:
            verdict.keep(uow, row.id)
        write(uow)

    await env.store.commit(work)
    return Loaded(row, after)


async def commit_verdict(env: Environment, loaded: Loaded, judged: Judged) -> None:
    """Makes the verdict that refuses a command the one that everybody reads. No event, so the version stays.

    Raises `VdwError` (conflict) like `commit_events`: it is the verdict of that version alone.
    """

    def work(uow: UnitOfWork) -> None:
        require_unmoved(uow, loaded)
        judged.keep(uow, loaded.row.id)

    await env.store.commit(work)


async def retried(attempt: Callable[[], Awaitable[T]], *, tries: int = CONFLICT_TRIES) -> T:
    """Runs the attempt; on a conflict starts it again, at most `tries` times in all."""
    for _ in range(tries - 1):
        try:
            return await attempt()
        except VdwError as error:
            if error.code is not ErrorCode.CONFLICT:
                raise
    return await attempt()


def row_of(row: ProjectRow, state: ProjectState, now: str, *, stale: bool) -> ProjectRow:
    """The project's row for this state."""
    phase, stage = state.place
    return replace(
        row,
        version=state.version,
        phase=phase,
        stage=stage,
        stale=stale,
        state=state_to_text(state),
        updated_at=now,
    )


def event_row(row: ProjectRow, version: int, event: Event, actor: str, now: str) -> EventRow:
    return EventRow(0, row.tenant, row.id, version, event.type.value, actor, now, event.data)


def require_unmoved(uow: UnitOfWork, loaded: Loaded) -> None:
    """Raises `VdwError` (conflict) unless the project is still at the version that was loaded; for what is stored
    without an event."""
    uow.save_project(loaded.row, expected_version=loaded.row.version)


def with_data(event: Event, **extra: str | None) -> Event:
    """The event with further ids and digests that the timeline or a replay needs."""
    return Event(event.type, {**event.data, **extra})


def store_json(value: JsonObject) -> tuple[Digest, bytes]:
    """Digest and canonical bytes of a document about to be stored."""
    body = canonical_bytes(value)
    return digest_bytes(body), body
