"""What happened to a project, oldest first, from its events and the notes that hang on them."""

from __future__ import annotations

from collections.abc import Sequence

from vdw.domain.canonical import Digest, JsonObject, parse_object
from vdw.domain.fields import items, number
from vdw.domain.principal import Permission, Principal
from vdw.lifecycle.events import EventType
from vdw.service.environment import Environment
from vdw.service.history import newest_first
from vdw.service.loading import load_project
from vdw.service.room import fitting, in_room, weight
from vdw.store.interface import EventRow, Reader

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
            body = reader.object(event.project, Digest(digest))
            view[field] = parse_object(body) if body is not None else {"erased": digest}
    return view


def feedback_of(reader: Reader, tenant: str, project: str, phase: str) -> list[JsonObject]:
    """Comments of the last rejection of this phase that no later approval answered, newest review first."""
    found: list[JsonObject] = []
    for event in newest_first(reader, tenant, project, EventType.VOTED, EventType.APPROVED):
        if event.data.get("phase") != phase:
            continue
        if event.type == EventType.APPROVED:
            break
        comments = event.data.get("comments")
        if isinstance(comments, str):
            body = reader.object(project, Digest(comments))
            if body is not None:
                found.append(
                    {"review": event.data["review"], "verdict": event.data["verdict"], **_texts(parse_object(body))}
                )
    return found


def shown_feedback(feedback: Sequence[JsonObject]) -> list[JsonObject]:
    """As much of `feedback_of` as an answer has room for, long comments shortened; `more` counts the comments left out."""
    room, shown = FEEDBACK_ROOM, list[JsonObject]()
    for review in feedback:
        comments = fitting((in_room(comment, COMMENT_ROOM) for comment in items(review["comments"])), room)
        more = len(items(review["comments"])) - len(comments)
        shown.append({**review, "comments": comments, **({"more": more} if more else {})})
        room -= weight(comments)
        if room <= 0:
            break
    return shown


def _texts(comments: JsonObject) -> JsonObject:
    return {"comments": comments.get("comments", [])}
