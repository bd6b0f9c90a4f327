"""Beginning a project: the vibe is kept word for word, and what a plain reading finds in it is offered as a draft."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import timedelta

from vdw.beside import beside
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.clock import timestamp
from vdw.domain.ids import ProjectId, TenantId
from vdw.domain.principal import Permission, Principal
from vdw.domain.stages import Lane
from vdw.lifecycle.distiller import distil, require_vibe
from vdw.lifecycle.evolution import FIRST_SOURCE
from vdw.lifecycle.phases import create, first_state
from vdw.lifecycle.segments import BYTE_ORDER_MARK
from vdw.lifecycle.stored import state_to_text
from vdw.service.answers import CreatedProject
from vdw.service.committing import event_row
from vdw.service.environment import Environment
from vdw.service.replays import Call, call_of, remember, replayed
from vdw.service.room import weight
from vdw.service.sources import source_element
from vdw.store.interface import ProjectRow, Reader, UnitOfWork

SAME_VIBE_WITHIN = timedelta(minutes=10)
"""The same principal sending the same vibe again within this time is taken for a retry, while nothing has changed."""
DRAFT_ROOM = 12_000
"""Room for a draft in one answer (see `room`): about 4,000 tokens."""
SHOWN_UNPLACED = 20
UNPLACED_CHARACTERS = 200
"""Each piece that could not be placed is shown so far, in characters; the vibe has it whole."""
CHARACTERS_AN_ELEMENT = 10
"""Of a vibe, that take as long to read as an element takes elsewhere (see `beside`): a statement of some 50 takes 0.1
ms."""
MAX_SLUG_CHARACTERS = 40
MAX_TITLE_CHARACTERS = 80
SUFFIX_CHARACTERS = 6
"""Of a random id: one of a billion, so that a second look is enough."""
_FIRST_VERSION = 1
_MARKS = re.compile(r"^(?:[#>*+\s-]|\d+[.)]\s)*")


async def create_project(
    env: Environment, principal: Principal, *, vibe: str, lane: Lane, title: str = "", key: str = ""
) -> CreatedProject:
    """A new project at mood, drafting. Raises `VdwError` (invalid_input) for a vibe without a word in it.

    The same call again (by key within 24 hours; else the same vibe and lane within ten minutes, while nothing has
    changed) answers the same project.
    """
    principal.require(Permission.PROJECT_CREATE)
    require_vibe(vibe)
    call = _call(vibe, lane, title, key)
    earlier = env.store.read(lambda reader: _earlier(reader, env, principal, call))
    if earlier is not None:
        return await _answer_beside(earlier, vibe)
    source = source_element(FIRST_SOURCE, env.salt(), vibe)
    policy = env.store.read(lambda reader: env.trust.state(reader, principal.tenant)).policy
    created = create(principal.tenant, ProjectId(env.new_id("prj")), lane, source.digest(), policy)
    state = first_state(created)
    now = timestamp(env.clock())
    name = title.strip() or _first_words(vibe)

    def work(uow: UnitOfWork) -> ProjectRow:
        # The same call may have committed since the look above.
        rival = _earlier(uow, env, principal, call)
        if rival is not None:
            return rival
        row = ProjectRow(
            tenant=state.tenant,
            id=state.project,
            slug=_free_slug(uow, principal.tenant, _slug(name), state.project),
            title=name,
            version=_FIRST_VERSION,
            phase="mood",
            stage="drafting",
            stale=False,
            state=state_to_text(state),
            created_at=now,
            updated_at=now,
        )
        uow.add_project(row)
        uow.add_event(event_row(row, _FIRST_VERSION, created, principal.id, now))
        uow.put_object(row.id, source.digest(), source.body())
        remember(uow, env, principal, call, row.id, _FIRST_VERSION)
        return row

    return await _answer_beside(await env.store.commit(work), vibe)


def _call(vibe: str, lane: Lane, title: str, key: str) -> Call:
    """Without a key, the slot is named by what makes a retry, so that one look finds it among any number of
    projects."""
    if key:
        return call_of("create_project", "", {"vibe": vibe, "lane": lane.value, "title": title}, key)
    unnamed = call_of("create_project", "", {"vibe": vibe, "lane": lane.value}, "")
    return replace(unnamed, slot=f"created:{unnamed.body}")


def _earlier(reader: Reader, env: Environment, principal: Principal, call: Call) -> ProjectRow | None:
    """The project that the same call made, if this is its retry."""
    row = replayed(reader, env, principal, call, _FIRST_VERSION)
    project = reader.project(principal.tenant, row.project) if row is not None else None
    if row is None or project is None or call.keyed:
        return project
    lately = row.at >= timestamp(env.clock() - SAME_VIBE_WITHIN)
    return project if lately and project.version == _FIRST_VERSION else None


async def _answer_beside(row: ProjectRow, vibe: str) -> CreatedProject:
    return await beside(len(vibe) // CHARACTERS_AN_ELEMENT, lambda: _answer(row, vibe))


def _answer(row: ProjectRow, vibe: str) -> CreatedProject:
    draft = distil(vibe)
    shown, more = _shown(draft.artifact)
    unplaced = [vibe.encode()[start:end].decode(errors="replace") for start, end in draft.unplaced]
    return CreatedProject(
        project=row.id,
        slug=row.slug,
        phase="mood",
        draft=shown,
        more_statements=more,
        unplaced=[text[:UNPLACED_CHARACTERS] for text in unplaced[:SHOWN_UNPLACED]],
        next=f"The draft has {more} more statements; read vdw://projects/{row.id}/skeleton for all of it."
        if more
        else "Improve the draft with the user, give every requirement acceptance criteria, then submit_artifact phase mood.",
    )


def _shown(draft: JsonObject) -> tuple[JsonObject, int]:
    """The draft as far as one answer goes, and how many of its statements are left out."""
    shown: JsonObject = {}
    room, more = DRAFT_ROOM, 0
    for name, value in draft.items():
        if not isinstance(value, list):
            shown[name] = value
            continue
        taken: list[JsonValue] = []
        for item in value:
            room -= weight(item)
            if room >= 0:
                taken.append(item)
        shown[name] = taken
        more += len(value) - len(taken)
    return shown, more


def _first_words(vibe: str) -> str:
    """The first line that has words, without its Markdown marks and its number in a list."""
    for line in vibe.removeprefix(BYTE_ORDER_MARK).splitlines():
        words = " ".join(_MARKS.sub("", line).split())
        if any(character.isalnum() for character in words):
            return words[:MAX_TITLE_CHARACTERS]
    return "Untitled"


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_SLUG_CHARACTERS].strip("-")


def _free_slug(uow: UnitOfWork, tenant: TenantId, slug: str, project: str) -> str:
    """The slug, or where it is taken the slug with the beginning of the project's id, or the id."""
    wanted = (slug, f"{slug}-{project.rpartition('_')[2][:SUFFIX_CHARACTERS]}") if slug else ()
    return next((free for free in wanted if uow.project(tenant, free) is None), project)
