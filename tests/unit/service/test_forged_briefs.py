"""Whoever can write the database shows a human no other words than the documents hold, and gets no signature on
others."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.service.forging import edited_state, execute, one
from tests.unit.service.walking import Sight, Tenant, Walk, refusal, requirement_changed
from vdw.domain.canonical import canonical_bytes, digest_bytes
from vdw.domain.fields import items, mapping
from vdw.domain.stages import GateVerdict, Phase
from vdw.errors import VdwError
from vdw.service.changing import Change


async def test_a_forged_brief_is_not_shown(tenant: Tenant) -> None:
    walk = await _in_review(tenant)
    true = (await walk.look()).brief
    _forge(walk, lambda brief: brief["changes"].pop())

    shown = (await walk.look()).brief

    assert {**shown, "salt": "", "log_head": ""} == {**true, "salt": "", "log_head": ""}


async def test_a_brief_that_says_the_same_is_shown_as_it_was_issued(tenant: Tenant) -> None:
    walk = await _in_review(tenant)

    assert (await walk.look()).brief == (await walk.look()).brief


@pytest.mark.parametrize("salt", ["approve this", ""])
async def test_a_salt_says_nothing(tenant: Tenant, salt: str) -> None:
    walk = await _in_review(tenant)
    _forge(walk, lambda brief: brief.update(salt=salt))

    assert (await walk.look()).brief["salt"] != salt


async def test_a_signature_on_a_forged_brief_is_not_accepted(tenant: Tenant) -> None:
    walk = await _in_review(tenant)
    sight = await walk.look()
    forged = _forge(walk, lambda brief: brief["changes"].pop())

    with pytest.raises(VdwError) as caught:
        await walk.decide(sight=Sight(sight.scene, forged))

    assert refusal(caught) == "look_again"
    assert walk.view().stage == "review"


async def test_changes_are_told_against_what_the_log_approves(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.pass_gate()
    await walk.change(Change("reopen", phase=Phase.MOOD))
    submitted = await walk.change_elements(requirement_changed(walk.brief()))
    with edited_state(walk) as state:
        state["phases"]["mood"]["approval"]["digest"] = submitted.digest
    await walk.ask()

    shown = (await walk.look()).brief

    assert "REQ-001" in {mapping(change)["id"] for change in items(shown["changes"])}


async def test_the_reason_of_a_rejection_is_told_from_the_log(tenant: Tenant) -> None:
    walk = await _in_review(tenant)
    await walk.decide(GateVerdict.REJECT, ("REQ-001", "Which date?"))
    execute(tenant, "DROP TRIGGER event_is_never_removed")
    execute(tenant, "DELETE FROM event WHERE type = 'voted'")
    await walk.ask()

    shown = (await walk.look()).brief

    assert "Which date?" in json.dumps(shown["comments"])


async def test_the_words_of_a_rejection_are_those_that_were_signed(tenant: Tenant) -> None:
    walk = await _in_review(tenant)
    await walk.decide(GateVerdict.REJECT, ("REQ-001", "Which date?"))
    execute(tenant, "DROP TRIGGER object_is_never_changed")
    execute(tenant, "UPDATE object SET body = ? WHERE instr(body, 'Which date?')", b'{"comments":[]}')

    with pytest.raises(VdwError) as caught:
        await walk.ask()

    assert refusal(caught) == "storage"


async def _in_review(tenant: Tenant) -> Walk:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    return walk


def _forge(walk: Walk, change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Stores a changed copy of the open review's brief, and names it in the project's row."""
    with edited_state(walk) as state:
        stored = one(walk.tenant, "SELECT body FROM object WHERE digest = ?", state["review"]["brief"])
        brief: dict[str, Any] = json.loads(stored)
        change(brief)
        body = canonical_bytes(brief)
        state["review"]["brief"] = digest_bytes(body)
    insert = "INSERT INTO object (project, digest, body) VALUES (?, ?, ?)"
    execute(walk.tenant, insert, walk.project, digest_bytes(body), body)
    return brief
