"""Each waiver is one line: whether it holds, for what, until when, who signed it and why."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.bundle.exports import export_of
from tests.unit.service.changes import change_policy, enrol, revoke
from tests.unit.service.conftest import TwoOwners
from tests.unit.service.walking import Tenant, Walk, waive, without_acceptance
from vdw.bundle.content import ExportContent
from vdw.bundle.waivers import waiver_lines
from vdw.domain.clock import timestamp
from vdw.domain.policy import Policy
from vdw.domain.stages import Phase
from vdw.trust.signer import DecisionSigner

RULE = "missing_acceptance"
LATER, OTHERS = "Later, with a customer.", "Nobody asked for it."


async def begun(tenant: Tenant) -> Walk:
    walk = await Walk.begin(tenant)
    await walk.submit(without_acceptance(walk.draft()))
    return walk


async def signed(walk: Walk, requirement: str, signer: DecisionSigner, reason: str = LATER) -> None:
    tenant = walk.tenant
    finding = f"{RULE}:{requirement}"
    await waive(tenant.env, tenant.operator, signer, walk.project, finding=finding, until=today(tenant), reason=reason)


def today(tenant: Tenant) -> str:
    return timestamp(tenant.clock())[:10]


def content_of(walk: Walk) -> ExportContent:
    pin = walk.tenant.store_file.parent.parent / "trust.json"
    return export_of(walk.tenant, walk.project, pin).content


async def waived(tenant: Tenant) -> ExportContent:
    """A mood whose two requirements are waived, and the architecture after it."""
    walk = await begun(tenant)
    for requirement in ("REQ-001", "REQ-002"):
        await signed(walk, requirement, tenant.signer)
    await walk.ask()
    await walk.decide()
    await walk.pass_gate()
    return content_of(walk)


async def test_a_waiver_that_holds_says_until_when_for_what_by_whom_and_why_at_its_own_gate_alone(
    tenant: Tenant,
) -> None:
    content = await waived(tenant)

    by = f"by {tenant.signer.keyid} (demo)"
    assert waiver_lines(content, Phase.MOOD) == (
        f"waived until {today(tenant)}: {RULE} (REQ-001) {by}; reason: {LATER}",
        f"waived until {today(tenant)}: {RULE} (REQ-002) {by}; reason: {LATER}",
    )
    assert waiver_lines(content, Phase.ARCHITECTURE) == ()


async def test_each_signer_is_named_and_each_reason_once(two_owners: TwoOwners) -> None:
    walk = await begun(two_owners.tenant)
    ben, carla = two_owners.ben, two_owners.carla
    await signed(walk, "REQ-001", ben)
    await signed(walk, "REQ-001", carla, OTHERS)
    await signed(walk, "REQ-002", ben)
    await signed(walk, "REQ-002", carla)
    await walk.ask()
    await walk.decide(signer=ben)
    await walk.decide(signer=carla)

    first, second = waiver_lines(content_of(walk))

    by = f"by {ben.keyid} (key), {carla.keyid} (key)"
    assert first.endswith(f"(REQ-001) {by}; reason: {LATER}; reason: {OTHERS}")
    assert second.endswith(f"(REQ-002) {by}; reason: {LATER}")


async def test_whose_key_was_ended_before_the_quorum_is_not_among_those_who_waived(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    ada, ben, carla = two_owners.ada, two_owners.ben, two_owners.carla
    dan, eve = [await enrol(env, operator, name, ada, ben) for name in ("Dan", "Eve")]
    await change_policy(env, operator, Policy(quorum=3, self_approval=False), ada, ben)
    walk = await begun(two_owners.tenant)
    await signed(walk, "REQ-001", ben)
    await signed(walk, "REQ-001", carla)
    await revoke(env, operator, ben.keyid, ada, carla, dan)
    for requirement, signer in [("REQ-001", dan), ("REQ-001", eve), *(("REQ-002", each) for each in (carla, dan, eve))]:
        await signed(walk, requirement, signer)
    await walk.ask()
    for signer in (carla, dan, eve):
        await walk.decide(signer=signer)

    line, _ = waiver_lines(content_of(walk))

    assert f"(REQ-001) by {carla.keyid} (key), {dan.keyid} (key), {eve.keyid} (key); " in line


async def test_a_waiver_that_never_took_effect_says_until_when_and_by_whom_it_was_signed(two_owners: TwoOwners) -> None:
    walk = await begun(two_owners.tenant)
    draft = walk.draft()
    await signed(walk, "REQ-001", two_owners.ben)
    await walk.submit(draft)
    await walk.ask()
    await walk.decide(signer=two_owners.ben)
    await walk.decide(signer=two_owners.carla)

    (line,) = waiver_lines(content_of(walk))

    signing = f"signed until {today(walk.tenant)} by {two_owners.ben.keyid} (key); reason: {LATER}"
    assert line.startswith(f"not waived: {RULE} (REQ-001): it has 1 of 2 signatures")
    assert line.endswith(f"; {signing}")


async def test_a_policy_that_asks_more_ends_a_waiver_and_a_revision_that_is_not_exported_does_not(
    tenant: Tenant,
) -> None:
    content = await waived(tenant)
    policy = content.trust.policy
    stricter = replace(content.trust, policy=replace(policy, quorum=policy.quorum + 1))

    ended = waiver_lines(replace(content, trust=stricter))
    unexported = waiver_lines(replace(content, revisions={}))

    words = "it took effect, and the policy has asked more since"
    assert all(line.startswith("waived no longer: ") and words in line for line in ended)
    assert len(ended) == 2
    assert unexported == waiver_lines(content)


async def test_a_reason_that_holds_no_words_is_said_to_hold_none(tenant: Tenant) -> None:
    content = await waived(tenant)
    reasons = {found.reason: b'{"text":7}' for tally in content.waivers() for found in tally.signed}

    lines = waiver_lines(replace(content, objects=reasons))

    assert [line.rpartition("; ")[2] for line in lines] == ["reason: (no words)"] * 2
