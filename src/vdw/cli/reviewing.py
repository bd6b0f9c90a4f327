"""Walking the waiting gates at a terminal: one brief at a time, one passphrase a sitting, one signature a decision."""

from __future__ import annotations

from functools import partial

import typer

from vdw.cli.asking import require_person
from vdw.cli.context import Composition
from vdw.cli.done import tell_done
from vdw.cli.gate_view import brief_text
from vdw.cli.screen import prose_columns, say
from vdw.cli.signer import Sitting
from vdw.domain.canonical import JsonObject, digest_of
from vdw.domain.fields import items, mapping, text
from vdw.domain.principal import Principal
from vdw.domain.stages import GateVerdict
from vdw.errors import ErrorCode, VdwError, invalid
from vdw.service.environment import Environment
from vdw.service.project_views import list_projects
from vdw.service.refounded import put_back_all, to_be_signed_again, waits_to_be_signed_again
from vdw.service.reviewing import current_brief, review_again
from vdw.service.scene import Scene
from vdw.service.signing import Comment, sign_decision
from vdw.service.voting import require_vote_counts

MAX_COMMENT_CHARACTERS = 2000
_ANSWERS = {
    "a": GateVerdict.APPROVE,
    "approve": GateVerdict.APPROVE,
    "r": GateVerdict.REJECT,
    "reject": GateVerdict.REJECT,
}
_SKIP = frozenset({"s", "skip"})
_OF_ONE_GATE = frozenset(
    {
        ErrorCode.NOT_FOUND,
        ErrorCode.LOOK_AGAIN,
        ErrorCode.LAW,
        ErrorCode.BLOCKED,
        ErrorCode.FORBIDDEN,
        ErrorCode.CONFLICT,
    }
)
"""Refusals that say nothing about the other gates that wait."""


async def walk_gates(env: Environment, found: Composition, project: str) -> None:
    """Every open review of the project, or of all projects, oldest last. A gate that refuses is told, and the next
    shown."""
    operator = found.operator()
    await put_back_all(env, operator)  # where a refounding died before it came to the end
    waiting = [project] if project else [*waiting_projects(env, operator), *to_be_signed_again(env, operator)]
    if not waiting:
        say("No gate waits for a decision.")
        return
    require_person("Gates are reviewed", "Read what waits with: vdw gate show PROJECT")
    sitting = Sitting(env, found.settings, operator.tenant)
    for number, named in enumerate(waiting, start=1):
        if len(waiting) > 1:
            say(f"Gate {number} of {len(waiting)}")
        try:
            await _walk_project(env, operator, sitting, named)
        except VdwError as error:
            if error.code not in _OF_ONE_GATE or len(waiting) == 1:
                raise
            say(f"{error.public} {error.next_step}")


async def _walk_project(env: Environment, operator: Principal, sitting: Sitting, project: str) -> None:
    """The project's gate; and where the root was replaced, each gate after it whose revision was kept."""
    while True:
        if waits_to_be_signed_again(env, operator, project):
            say(f"{project} is kept as it was when the root was replaced; its gate is to be signed again.")
            await review_again(env, operator, project)
        scene, brief = await current_brief(env, operator, project)
        sitting.require_any(partial(require_vote_counts, env, operator, brief))
        typer.echo(brief_text(brief, digest_of(brief), prose_columns()))
        approved = await _decide(env, operator, sitting, scene, brief)
        if not (approved and waits_to_be_signed_again(env, operator, project)):
            return


def waiting_projects(env: Environment, operator: Principal) -> list[str]:
    """Ids of all projects in review."""
    found: list[str] = []
    cursor = ""
    while True:
        page = list_projects(env, operator, stage="review", limit=100, cursor=cursor)
        found += [item.project for item in page.projects]
        cursor = page.cursor
        if not cursor:
            return found


async def _decide(env: Environment, operator: Principal, sitting: Sitting, scene: Scene, brief: JsonObject) -> bool:
    """Comments and verdict of one gate; whether it was approved. When the facts moved while the human read, the new
    brief is shown instead."""
    comments: list[Comment] = []
    while True:
        said = typer.prompt("[a]pprove, [r]eject, [s]kip, or a comment (REQ-001: words)", default="s").strip()
        answer = said.lower()
        if answer in _SKIP:
            say("Skipped; nothing was signed.")
            return False
        if answer not in _ANSWERS:
            _comment(said, comments, brief)
            continue
        try:
            signer = sitting.signer(partial(require_vote_counts, env, operator, brief))
            accepted = await sign_decision(env, operator, signer, scene, brief, _ANSWERS[answer], tuple(comments))
        except VdwError as error:
            if error.code is not ErrorCode.LOOK_AGAIN:
                raise
            say(f"{error.public} This is how it stands now:")
            scene, brief = await current_brief(env, operator, scene.state.project)
            typer.echo(brief_text(brief, digest_of(brief), prose_columns()))
            continue
        tell_done(env, operator, scene.state.project, f"Signed, log entry {accepted.position}: {accepted.outcome}.")
        return _ANSWERS[answer] is GateVerdict.APPROVE


def _comment(said: str, comments: list[Comment], brief: JsonObject) -> None:
    """Takes the line for a comment, unless it is one word: that was meant for an answer."""
    if len(said.split()) < 2:
        say("Please type a, r or s, or a comment of more than one word.")
        return
    try:
        comment = parse_comment(said)
    except VdwError as error:  # what was said before it is not lost
        say(f"{error.public}.")
        return
    known = {text(mapping(change)["id"]) for change in items(brief["changes"])}
    place = f" on {comment[0]}" if comment[0] else ""
    unknown = "" if not comment[0] or comment[0] in known else ", which is not among what changed"
    say(f"Kept as a comment{place}{unknown}; it is signed with your verdict.")
    comments.append(comment)


def parse_comment(line: str) -> Comment:
    """`REQ-001: words` names an element; anything else is about the whole."""
    from vdw.domain.ids import element_kind

    if len(line) > MAX_COMMENT_CHARACTERS:
        raise invalid("comment", f"at most {MAX_COMMENT_CHARACTERS} characters")
    head, separator, rest = line.partition(":")
    if separator and element_kind(head.strip()) is not None:
        return head.strip(), rest.strip()
    return "", line.strip()
