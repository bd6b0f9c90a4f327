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
from vdw.domain.fields import items
from vdw.domain.finding import Subject
from vdw.domain.policy import Policy
from vdw.domain.stages import Phase
from vdw.service.changing import Change
from vdw.trust.growing import Growing
from vdw.trust.signer import DecisionSigner
from vdw.trust.state import Accepted
from vdw.trust.statements import WaiverStatement

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


def about(content: ExportContent, name: str, digest: str) -> ExportContent:
    """The content with one waiver, which was signed for this subject."""
    envelope, accepted = next(iter(content.trust.waivers.items()))
    statement = replace(accepted.statement, subjects=(Subject(name, digest),))
    waivers = Growing[str, Accepted[WaiverStatement]]().plus(envelope, replace(accepted, statement=statement))
    return replace(content, trust=replace(content.trust, waivers=waivers))


def content_of(walk: Walk) -> ExportContent:
    return export_of(walk.tenant, walk.project).content


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


async def test_a_waiver_ends_with_the_requirement_that_it_was_signed_for(tenant: Tenant) -> None:
    walk = await begun(tenant)
    draft = without_acceptance(walk.draft())
    for requirement in ("REQ-001", "REQ-002"):
        await signed(walk, requirement, tenant.signer)
    await walk.ask()
    await walk.decide()
    await walk.change(Change("reopen", phase=Phase.MOOD))
    await walk.pass_gate({**draft, "requirements": items(draft["requirements"])[:1]})

    first, second = waiver_lines(content_of(walk))

    assert first.startswith(f"waived until {today(tenant)}: {RULE} (REQ-001) ")
    assert second.startswith(f"waived no longer: {RULE} (REQ-002): what it was signed for has changed since; ")


async def test_a_waiver_of_what_is_not_there_holds_until_it_is(tenant: Tenant) -> None:
    content = await waived(tenant)
    subjects = {
        "absent, and still so": ("MET-001", ""),
        "absent, and there now": ("REQ-001", ""),
        "the revision": (Phase.MOOD.value, content.revisions[Phase.MOOD].digest),
        "an earlier revision": (Phase.MOOD.value, "0" * 64),
        "of a phase that is not exported": ("CHG-001", "0" * 64),
        "of a form that no phase has": ("XYZ-001", "0" * 64),
    }

    ended = {
        words
        for words, (name, digest) in subjects.items()
        if waiver_lines(about(content, name, digest))[0].startswith("waived no longer")
    }

    assert ended == {"absent, and there now", "an earlier revision"}


async def test_a_reason_that_holds_no_words_is_said_to_hold_none(tenant: Tenant) -> None:
    content = await waived(tenant)
    reasons = {found.reason: b'{"text":7}' for tally in content.waivers() for found in tally.signed}

    lines = waiver_lines(replace(content, objects=reasons))

    assert [line.rpartition("; ")[2] for line in lines] == ["reason: (no words)"] * 2
