"""Rows as tests need them: plausible, with the fields that matter given by name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from vdw.domain.canonical import ZERO_DIGEST, Digest, digest_bytes
from vdw.domain.ids import PersonId, PrincipalId, ProjectId, TenantId
from vdw.domain.stored_json import to_text
from vdw.domain.trust_entry import TrustEntry
from vdw.store.interface import (
    EventRow,
    EvidenceRow,
    KeyRow,
    PersonRow,
    PrincipalRow,
    ProjectRow,
    ReplayRow,
    RevisionRow,
    Store,
    UnitOfWork,
)

R = TypeVar("R")
T = TypeVar("T")

AT = "2026-11-24T12:00:00Z"
LATER = "2026-11-24T12:00:01Z"
OURS = TenantId("tnt_ours")
THEIRS = TenantId("tnt_theirs")
ONE, TWO = ProjectId("prj_one"), ProjectId("prj_two")
AGENT = PrincipalId("prn_agent")


def digest(text: str) -> Digest:
    return digest_bytes(text.encode())


def project(name: str = "one", tenant: TenantId = OURS) -> ProjectRow:
    return ProjectRow(
        tenant=tenant,
        id=ProjectId(f"prj_{name}"),
        slug=name,
        title=name.title(),
        version=1,
        phase="mood",
        stage="drafting",
        stale=False,
        state=to_text({"iteration": 1, "title": "größer", "none": None, "list": [1, "two", True]}),
        created_at=AT,
        updated_at=AT,
    )


def event(row: ProjectRow, version: int = 1, *, actor: str = AGENT, at: str = AT) -> EventRow:
    return EventRow(0, row.tenant, row.id, version, "created", actor, at, {"version": version})


def revision(number: int = 1, phase: str = "mood") -> RevisionRow:
    return RevisionRow(ONE, phase, number, 1, digest(f"{phase} {number}"), AGENT, AT)


def evidence(number: int) -> EvidenceRow:
    return EvidenceRow(ONE, f"EVD-{number:03}", 1, {"trust": "run", "number": number}, digest("report"), AT)


def entry(position: int, prev: Digest = ZERO_DIGEST, tenant: TenantId = OURS) -> TrustEntry:
    envelope = f'{{"position":{position}}}'.encode()
    return TrustEntry(
        tenant, position, prev, digest(f"{tenant} entry {position}"), digest_bytes(envelope), envelope, AT
    )


def principal(name: str = "agent", tenant: TenantId = OURS) -> PrincipalRow:
    return PrincipalRow(
        tenant, PrincipalId(f"prn_{name}"), "agent", PersonId("per_ada"), name, ("artifact:submit", "project:read"), AT
    )


def key(name: str = "key", tenant: TenantId = OURS, of: PrincipalId = AGENT) -> KeyRow:
    return KeyRow(name, tenant, of, digest(name), AT, expires_at="", revoked_at="", last_used_at="")


def person(name: str = "ada", tenant: TenantId = OURS) -> PersonRow:
    return PersonRow(tenant, PersonId(f"per_{name}"), name.title())


def replay(name: str = "key:a", at: str = AT) -> ReplayRow:
    return ReplayRow(OURS, AGENT, name, digest("body"), ONE, 3, at)


async def add_tenants(store: Store) -> None:
    def work(uow: UnitOfWork) -> None:
        uow.add_tenant(OURS, "real", "local", AT)
        uow.add_tenant(THEIRS, "demo", "eu", AT)

    await store.commit(work)


async def add_projects(store: Store, *rows: ProjectRow) -> None:
    """The tenants, and the projects with their first event; `prj_one` if none are given."""
    await add_tenants(store)

    def work(uow: UnitOfWork) -> None:
        for row in rows or (project(),):
            uow.add_project(row)
            uow.add_event(event(row))

    await store.commit(work)


async def commit_each(store: Store, rows: Iterable[R], write: Callable[[R, UnitOfWork], T]) -> list[T]:
    """One commit after another."""
    return [await store.commit(partial(write, row)) for row in rows]


async def commit_at_once(
    store: Store, rows: Iterable[R], write: Callable[[R, UnitOfWork], T]
) -> list[T | BaseException]:
    """All commits under way together; what one raised stands in its place."""
    return await asyncio.gather(*(store.commit(partial(write, row)) for row in rows), return_exceptions=True)


def moved(row: ProjectRow, **changes: str | int | bool) -> ProjectRow:
    """The project one version on."""
    return replace(row, version=row.version + 1, updated_at=LATER, **changes)  # type: ignore[arg-type]  # fields of the row
