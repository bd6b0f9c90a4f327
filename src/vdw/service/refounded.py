"""After a refounding: every open iteration goes back to its first gate (`lifecycle.phases`), nothing is deleted.

The sweep takes all open projects of a tenant, page by page; each goes back in a transaction of its own, so that a sweep
that died goes on where it was. A command that meets a project before the sweep does puts it back first, and a read
shows it as if it were put back: nothing ever acts on approvals of a lost root.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from vdw.beside import beside_unsized
from vdw.domain.canonical import Digest
from vdw.domain.ids import TenantId
from vdw.domain.principal import Permission, Principal
from vdw.domain.stages import IterationStatus, Phase, Stage
from vdw.lifecycle import commands as c
from vdw.lifecycle.events import Event
from vdw.lifecycle.phases import decide, fold
from vdw.lifecycle.state import Approval, ProjectState, Review
from vdw.lifecycle.stored import state_from_text
from vdw.lifecycle.table import is_to_be_signed_again
from vdw.service.committing import commit_events, retried
from vdw.service.environment import Environment
from vdw.service.loading import Loaded, load_project
from vdw.service.scene import Scene, read_scene
from vdw.service.trust_view import signed_under
from vdw.store.interface import Page, Reader
from vdw.trust.state import TrustState

T = TypeVar("T")
Read = Callable[[Environment, Principal, str, Permission], T]

BATCH = 64
"""Projects put back at once: what the store commits as one group, so that no other writer waits for more than that."""


@dataclass(frozen=True, slots=True)
class _Behind:
    """A project that has to go back."""

    loaded: Loaded
    trust: TrustState


def events_of(state: ProjectState, trust: TrustState) -> tuple[Event, ...]:
    """What the loss of a root means for the project now; nothing where none of it was signed under a lost one."""
    if not trust.lost_roots or state.status is not IterationStatus.OPEN:
        return ()
    lost = frozenset(phase for phase in state.phases if _is_lost(state, phase, trust))
    review = state.review.id if state.review is not None and is_of_lost_root(state.review, trust) else ""
    made = frozenset(phase for phase in state.phases if _was_given_before(state.work(phase).approval, trust))
    return decide(state, c.Refound(lost, made, review, trust.root, trust.root_position))


def read_as_put_back(env: Environment, reader: Reader, principal: Principal, project: str) -> tuple[Loaded, TrustState]:
    """The project for whoever only reads it, as the next command finds it though no sweep has come to it yet, and the
    tenant's trust. Raises like `load_project`, and (trust) where the log does not verify."""
    loaded = load_project(reader, principal, project, Permission.PROJECT_READ)
    trust = env.trust.state(reader, principal.tenant)
    events = events_of(loaded.state, trust)
    if not events:
        return loaded, trust
    state = fold(loaded.state, events)
    phase, stage = state.place
    return Loaded(replace(loaded.row, phase=phase, stage=stage), state), trust


async def acting_scene(env: Environment, principal: Principal, project: str, permission: Permission) -> Scene:
    """`read_scene` for a command: the project has gone back first where the tenant's root was lost."""
    return await _read_once_back(env, principal, project, permission, read_scene)


async def acting_project(env: Environment, principal: Principal, project: str, permission: Permission) -> Loaded:
    """`load_project` for a command that looks at no document; otherwise like `acting_scene`."""
    return await _read_once_back(env, principal, project, permission, _load)


async def _read_once_back(
    env: Environment, principal: Principal, project: str, permission: Permission, read: Read[T]
) -> T:
    """What `read` finds once the project has gone back, if a sweep has not come to it yet. Raises like `read`, and
    conflict.

    In a thread, because how much there is to read shows only in reading, a process's first look at the log most of all;
    others' calls go on meanwhile.
    """

    def look() -> T | _Behind:
        behind = _behind(env, principal, project, permission)
        return behind if behind is not None else read(env, principal, project, permission)

    found = await beside_unsized(look)
    if not isinstance(found, _Behind):
        return found
    await _put_back(env, found.loaded, found.trust)
    return await beside_unsized(lambda: read(env, principal, project, permission))


def is_of_lost_root(review: Review, trust: TrustState) -> bool:
    """Whether the review was opened under a root that was replaced since: no vote in it decides anything."""
    return trust.positions.get(Digest(review.log_head), trust.position) < trust.root_position


async def put_back_all(env: Environment, principal: Principal) -> int:
    """Puts back every project of the tenant that is not back yet; how many they were. Called again, it goes on."""
    principal.require(Permission.PROJECT_CHANGE)
    moved = 0
    for left in _left(env, principal):
        moved += sum(await asyncio.gather(*(retried(partial(_put_back_one, env, principal, row)) for row in left)))
    return moved


def count_left(env: Environment, principal: Principal) -> int:
    """How many projects a sweep that died has not come to."""
    principal.require(Permission.PROJECT_READ)
    return sum(len(left) for left in _left(env, principal))


def waits_to_be_signed_again(env: Environment, principal: Principal, project: str) -> bool:
    """Whether `reviewing.review_again` would ask for a review of the project's kept revision."""
    loaded = _load(env, principal, project, Permission.PROJECT_READ)
    return is_to_be_signed_again(loaded.state)


def to_be_signed_again(env: Environment, principal: Principal) -> tuple[str, ...]:
    """Ids of the projects whose current revision waits for nothing but to be signed under the present root."""
    principal.require(Permission.PROJECT_READ)
    return tuple(
        row.id
        for page in _pages(env, principal, Stage.DRAFTING)
        for row in page.rows
        if is_to_be_signed_again(state_from_text(row.state))
    )


def _load(env: Environment, principal: Principal, project: str, permission: Permission) -> Loaded:
    return env.store.read(lambda reader: load_project(reader, principal, project, permission))


def _behind(env: Environment, principal: Principal, project: str, permission: Permission) -> _Behind | None:
    trust = _trust(env, principal)
    if not trust.lost_roots:
        return None
    loaded = _load(env, principal, project, permission)
    return _Behind(loaded, trust) if events_of(loaded.state, trust) else None


async def _put_back_one(env: Environment, principal: Principal, project: str) -> bool:
    loaded = _load(env, principal, project, Permission.PROJECT_READ)
    return await _put_back(env, loaded, _trust(env, principal))


async def _put_back(env: Environment, loaded: Loaded, trust: TrustState) -> bool:
    """Whether there was anything to put back. Whoever signed the new root did it, so the timeline names them."""
    events = events_of(loaded.state, trust)
    if events:
        await commit_events(env, loaded, events, actor=trust.founder)
    return bool(events)


def _is_lost(state: ProjectState, phase: Phase, trust: TrustState) -> bool:
    approval = state.work(phase).approval
    root = signed_under(approval, state.project, phase, trust) if approval is not None else None
    return root is not None and root != trust.present_root


def _was_given_before(approval: Approval | None, trust: TrustState) -> bool:
    """Whether it was signed before the present root, whatever came after it."""
    signed = [trust.decisions[each] for each in approval.envelopes if each in trust.decisions] if approval else []
    return any(vote.position < trust.root_position for vote in signed)


def _left(env: Environment, principal: Principal) -> Iterator[list[str]]:
    """Ids of the projects that are not back yet, page by page."""
    trust = _trust(env, principal)
    for stage in (Stage.REVIEW, Stage.DRAFTING):
        for page in _pages(env, principal, stage):
            yield [row.id for row in page.rows if events_of(state_from_text(row.state), trust)]


def _pages(env: Environment, principal: Principal, stage: Stage) -> Iterator[Page]:
    """The open projects at this stage, of a tenant whose root was lost once; nothing else is ever put back."""
    cursor, more = "", bool(_trust(env, principal).lost_roots)
    while more:
        page = env.store.read(partial(_page, tenant=principal.tenant, stage=stage, cursor=cursor))
        yield page
        cursor, more = page.cursor, bool(page.cursor)


def _page(reader: Reader, tenant: TenantId, stage: Stage, cursor: str) -> Page:
    return reader.projects(tenant, stage=stage.value, limit=BATCH, cursor=cursor)


def _trust(env: Environment, principal: Principal) -> TrustState:
    return env.store.read(lambda reader: env.trust.state(reader, principal.tenant))
