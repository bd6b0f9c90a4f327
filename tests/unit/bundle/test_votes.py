"""A vote that opened nothing is told as such, in the report as in the answer of the verification."""

from __future__ import annotations

from tests.unit.bundle.exports import Export, export_of
from tests.unit.service.changes import change_policy, replace
from tests.unit.service.conftest import TwoOwners
from tests.unit.service.walking import Walk
from vdw.bundle.content import ExportContent
from vdw.bundle.summary import summary_of
from vdw.bundle.votes import vote_notes
from vdw.domain.policy import Policy
from vdw.domain.stages import GateVerdict, Phase


async def begun(owners: TwoOwners) -> Walk:
    walk = await Walk.begin(owners.tenant)
    await walk.submit()
    await walk.ask()
    return walk


def exported(walk: Walk) -> Export:
    return export_of(walk.tenant, walk.project)


def notes(content: ExportContent) -> list[tuple[str, ...]]:
    return [vote_notes(content, vote) for vote in content.decisions(Phase.MOOD)]


async def test_the_vote_of_a_key_that_was_ended_before_the_verdict_is_void(two_owners: TwoOwners) -> None:
    walk = await begun(two_owners)
    await walk.decide(signer=two_owners.ben)
    bens_next = await replace(
        walk.tenant.env, walk.tenant.operator, two_owners.ben.keyid, two_owners.ada, two_owners.carla
    )
    await walk.decide(signer=two_owners.carla)
    await walk.decide(signer=bens_next)

    export = exported(walk)

    void = "void: its key was ended before its review had its verdict"
    assert notes(export.content) == [(void,), (), ()]
    assert [line for line in summary_of(export.content) if void in line] == [
        line for line in summary_of(export.content) if f"approve by {two_owners.ben.keyid} (key, {void}) at " in line
    ]
    assert export.files["report.html"].decode().count(f"<td>{void}</td>") == 1


async def test_the_vote_of_a_review_that_a_new_policy_ended_is_not_counted(two_owners: TwoOwners) -> None:
    walk = await begun(two_owners)
    await walk.decide(signer=two_owners.ben)
    lower = Policy(quorum=1, self_approval=False)
    await change_policy(walk.tenant.env, walk.tenant.operator, lower, two_owners.ada, two_owners.ben)
    await walk.ask()
    await walk.decide(signer=two_owners.ben)

    assert notes(exported(walk).content) == [("not counted: its review has 1 of 2 approvals",), ()]


async def test_an_approval_before_a_rejection_is_void_and_the_rejection_is_told(two_owners: TwoOwners) -> None:
    walk = await begun(two_owners)
    await walk.decide(signer=two_owners.ben)
    await walk.decide(GateVerdict.REJECT, signer=two_owners.carla)
    await walk.ask()
    await walk.decide(signer=two_owners.ben)
    await walk.decide(signer=two_owners.carla)

    assert notes(exported(walk).content) == [("void: its review was rejected",), (), (), ()]
