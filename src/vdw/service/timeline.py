"""What happened to a project, oldest first, from its events and the notes that hang on them."""

from __future__ import annotations

from collections.abc import Sequence

from vdw.bundle.briefs import remark
from vdw.domain.canonical import Digest, JsonObject, parse_object
from vdw.domain.fields import items, number
from vdw.domain.ids import ProjectId
from vdw.domain.principal import Permission, Principal
from vdw.domain.stages import Phase
from vdw.service.environment import Environment
from vdw.service.loading import load_project
from vdw.service.objects import genuine_object
from vdw.service.room import fitting, in_room, weight
from vdw.store.interface import EventRow, Reader
from vdw.trust.state import TrustState
from vdw.trust.votes import unanswered

MAX_EVENTS = 1000
"""Events of one answer, some 300 KB. A project of a hundred gates has about six hundred."""

FEEDBACK_ROOM = 4_000
"""Room that comments take in an answer (see `room`): some 1,000 tokens. The timeline has them whole."""
COMMENT_ROOM = 1_000
"""Room up to which one comment is shown whole."""

NOTE_FIELDS = ("comments", "note")
"""Event fields that name a stored text: a decision's comments, a reason given with a command."""


def timeline(env: Environment, principal: Principal, project: str, *, after: int = 0) -> JsonObject:
    """Events with version above `after`, each with its texts; `next_after` goes on where the answer was cut."""

    def read(reader: Reader) -> JsonObject:
        loaded = load_project(reader, principal, project, Permission.PROJECT_READ)
        found = reader.events(principal.tenant, loaded.row.id, after=after, limit=MAX_EVENTS + 1)
        events = found[:MAX_EVENTS]
        return {
            "project": loaded.row.id,
            "events": [event_view(reader, event) for event in events],
            "next_after": events[-1].version if len(found) > MAX_EVENTS else None,
        }

    return env.store.read(read)


def whole_timeline(env: Environment, principal: Principal, project: str) -> JsonObject:
    """All pages of `timeline` in one, for whoever has room for them."""
    page = timeline(env, principal, project)
    events = items(page["events"])
    while page["next_after"] is not None:
        page = timeline(env, principal, project, after=number(page["next_after"]))
        events += items(page["events"])
    return {**page, "events": events}


def event_view(reader: Reader, event: EventRow) -> JsonObject:
    """One event as it is shown. A text whose bytes were erased is told as erased."""
    view: JsonObject = {"version": event.version, "at": event.at, "type": event.type, "actor": event.actor}
    view.update({name: value for name, value in event.data.items() if name not in ("policy", "tenant", "project")})
    for field in NOTE_FIELDS:
        digest = event.data.get(field)
        if isinstance(digest, str):
            body = genuine_object(reader, event.project, Digest(digest))
            view[field] = parse_object(body) if body is not None else {"erased": digest}
    return view


def feedback_of(
    reader: Reader, trust: TrustState, project: ProjectId, gate: Phase, *, before: str = ""
) -> list[JsonObject]:
    """Comments of the gate's votes that no later approval answered, as the log has them, newest first; up to the review
    `before`, if one is named. A text whose bytes were erased is told as erased.

    Raises `VdwError` (storage) where a text is not the one that was signed.
    """
    found: list[JsonObject] = []
    for said in unanswered(trust, project, gate, before=before):
        body = genuine_object(reader, project, Digest(said.comments or ""))
        found.append(remark(said, body))
    return found


def shown_feedback(feedback: Sequence[JsonObject]) -> list[JsonObject]:
    """As much of `feedback_of` as an answer has room for, long comments shortened; `more` counts the comments left
    out."""
    room, shown = FEEDBACK_ROOM, list[JsonObject]()
    for review in feedback:
        comments = fitting((in_room(comment, COMMENT_ROOM) for comment in items(review["comments"])), room)
        more = len(items(review["comments"])) - len(comments)
        shown.append({**review, "comments": comments, **({"more": more} if more else {})})
        room -= weight(comments)
        if room <= 0:
            break
    return shown
