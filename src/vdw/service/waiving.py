"""Making a signature under a waiver: one finding, its subjects at their digests, a reason, an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vdw.domain.canonical import Digest, JsonObject, digest_of
from vdw.domain.clock import timestamp
from vdw.domain.finding import Finding
from vdw.domain.ids import ApproverId
from vdw.domain.principal import Permission, Principal
from vdw.domain.separation import require_may_decide
from vdw.domain.stages import Phase
from vdw.errors import ErrorCode, VdwError, invalid
from vdw.lifecycle.gates import require_rule_waivable
from vdw.lifecycle.phases import current_phase
from vdw.service.answers import AcceptedStatement
from vdw.service.committing import commit_verdict
from vdw.service.deciding import REASON_SCHEMA, submit_statement
from vdw.service.environment import Environment
from vdw.service.judging import judge
from vdw.service.refounded import acting_scene
from vdw.service.scene import Scene
from vdw.trust.envelope import sign
from vdw.trust.signer import DecisionSigner
from vdw.trust.statements import MAX_SUBJECTS, WaiverStatement
from vdw.trust.votes import waivers_begun

MAX_REASON_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Waivable:
    """What a waiver is signed for: the finding as it stands at the gate of this scene, the last day and the reason."""

    scene: Scene
    phase: Phase
    finding: Finding
    last_day: date
    reason: str

    def require_counts(self, approver: ApproverId) -> None:
        """Raises `LawRefusal` (2) where this approver answers for the work and the policy asks another person."""
        trust = self.scene.trust
        contributors = self.scene.state.work(self.phase).contributors
        require_may_decide(trust.policy, trust.owner_of(approver), contributors)


async def require_waivable(
    env: Environment, principal: Principal, project: str, *, finding: str, until: str, reason: str
) -> Waivable:
    """All that can be checked before anybody signs.

    Raises `VdwError`: not_found for a finding that does not stand, invalid_input for a reason that is none and an end
    that is past or no date, `LawRefusal` (4) for a rule whose findings are never waived.
    """
    last_day = _require_day(until, env.clock().date())
    if not reason.strip() or len(reason) > MAX_REASON_CHARACTERS:
        raise invalid("reason", f"1 to {MAX_REASON_CHARACTERS} characters", "The metric is measured after launch.")
    scene = await acting_scene(env, principal, project, Permission.PROJECT_READ)
    phase = current_phase(scene.state)
    judged = await judge(env, scene.state, scene.graph, scene.trust, phase)
    found = next((item for item in judged.verdict.findings if item.key() == finding), None)
    if found is None:
        await commit_verdict(env, scene.loaded, judged)
        raise VdwError(
            ErrorCode.NOT_FOUND, "There is no such finding at the current gate.", "Copy its key from: vdw project show"
        )
    require_rule_waivable(found.rule, waivable=found.waivable)
    if len(found.matched) > MAX_SUBJECTS:
        raise invalid("finding", f"one that names at most {MAX_SUBJECTS} elements; this one is mended, not waived")
    return Waivable(scene, phase, found, last_day, reason)


async def sign_waiver(
    env: Environment, principal: Principal, signer: DecisionSigner, wanted: Waivable
) -> AcceptedStatement:
    """Signs exactly what was checked and hands it over. A waiver already begun for this finding by another approver is
    joined. Raises what `submit_statement` raises: look_again where the project has moved since the check."""
    scene, phase, found = wanted.scene, wanted.phase, wanted.finding
    attachment: JsonObject = {"schema": REASON_SCHEMA, "salt": env.salt(), "text": wanted.reason}
    statement = WaiverStatement(
        waiver=_begun(scene, found, signer, env.clock().date()) or env.new_id("wai"),
        tenant=scene.state.tenant,
        project=scene.state.project,
        iteration=scene.state.iteration,
        gate=phase,
        rule=found.rule,
        subjects=found.matched,
        until=wanted.last_day.isoformat(),
        reason=digest_of(attachment),
        approver=signer.keyid,
        assurance=signer.assurance,
        owners=scene.state.work(phase).contributors,
        policy=Digest(scene.trust.policy_entry),
        log_head=scene.trust.head,
        previous=scene.trust.last_statement(scene.state.project),
        time=timestamp(env.clock()),
    )
    envelope = sign(statement.as_statement(), (signer,))
    return await submit_statement(env, principal, envelope.as_json(), (attachment,))


def _begun(scene: Scene, finding: Finding, signer: DecisionSigner, today: date) -> str:
    """The waiver of this very finding at this gate that others have begun and that still lacks signatures, if any.

    One that has run out is never joined: it ends on the earliest day that anybody named.
    """
    trust, state = scene.trust, scene.state
    about = (state.iteration, state.current, finding.rule, finding.matched)
    for statements in waivers_begun(trust, state.project):
        first = statements[0]
        owners = {trust.owner_of(statement.approver) for statement in statements}
        if (
            (first.iteration, first.gate, first.rule, first.subjects) == about
            and min(date.fromisoformat(statement.until) for statement in statements) >= today
            and trust.owner_of(signer.keyid) not in owners
        ):
            return first.waiver
    return ""


def _require_day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise invalid("until", "a day as YYYY-MM-DD", today.isoformat()) from None
    if day < today:
        raise invalid("until", "a day that is not past", today.isoformat())
    return day
