"""Aids of the service tests: a tenant with its callers, and a walk that takes one of its projects to a gate.

What walks is the product: the services, over SQLite and the reasoner. Nothing here stands in for any of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from vdw.domain.canonical import JsonObject
from vdw.domain.clock import timestamp
from vdw.domain.fields import items, mapping, text
from vdw.domain.ids import ApproverId
from vdw.domain.principal import Principal
from vdw.domain.stages import GateVerdict, Lane, Phase
from vdw.errors import VdwError
from vdw.service.answers import (
    AcceptedStatement,
    Brief,
    ChangedProject,
    ProjectView,
    RecordedEvidence,
    RequestedReview,
    SubmittedArtifact,
)
from vdw.service.briefing import get_brief
from vdw.service.changing import Change, change_project
from vdw.service.creating import create_project
from vdw.service.environment import Environment
from vdw.service.evidencing import EvidenceOffer, submit_evidence
from vdw.service.founding import DEMO, NewTenant, refound_tenant
from vdw.service.project_views import get_project
from vdw.service.refounded import put_back_all
from vdw.service.reviewing import current_brief, request_review, review_again
from vdw.service.scene import Scene
from vdw.service.signing import Comment, sign_decision
from vdw.service.submitting import Submission, submit_artifact
from vdw.service.waiving import require_waivable, sign_waiver
from vdw.trust.signer import DecisionSigner, new_demo_signer

VIBE = "The helper must add an item with a date.\n\nThe helper must list the items of today."
REPOSITORY = "pantry"
COMMIT = "a" * 40
OTHER_COMMIT = "b" * 40


class Clock:
    """The system's time, set forward by hand."""

    def __init__(self, system: Callable[[], datetime]) -> None:
        self._system = system
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return self._system() + self._ahead

    def forward(self, by: timedelta) -> None:
        self._ahead += by


@dataclass(frozen=True, slots=True)
class Tenant:
    """A founded tenant and all who call. `signer` is its first approver, `agent` and `runner` are owned by the same
    person."""

    env: Environment
    operator: Principal
    agent: Principal
    runner: Principal
    signer: DecisionSigner
    clock: Clock
    store_file: Path

    @property
    def pin_file(self) -> Path:
        return self.store_file.parents[1] / "trust.json"


@dataclass(frozen=True, slots=True)
class Sight:
    """What a signer was shown."""

    scene: Scene
    brief: JsonObject


@dataclass(frozen=True, slots=True)
class Walk:
    """One project of a tenant, and its ways from gate to gate."""

    tenant: Tenant
    project: str

    @classmethod
    async def begin(cls, tenant: Tenant, lane: Lane = Lane.FULL, vibe: str = VIBE) -> Walk:
        created = await create_project(tenant.env, tenant.agent, vibe=vibe, lane=lane)
        return cls(tenant, created.project)

    def view(self) -> ProjectView:
        return get_project(self.tenant.env, self.tenant.agent, self.project)

    def approved(self) -> dict[str, str]:
        """Phase → what get_project says of its approval."""
        return {phase.phase: phase.approved for phase in self.view().phases}

    def brief(self) -> Brief:
        return get_brief(self.tenant.env, self.tenant.agent, self.project)

    def draft(self) -> JsonObject:
        """A whole artifact of the current phase, as an agent would write it."""
        brief = get_brief(self.tenant.env, self.tenant.agent, self.project, skeleton=True)
        assert brief.skeleton is not None
        document: JsonObject = {**brief.skeleton, "drafted_by": "agent"}
        if brief.phase == Phase.IMPLEMENTATION:
            document["heads"] = [{"repository": REPOSITORY, "commit": COMMIT}]
            document["changes"] = [
                {**mapping(change), "repository": REPOSITORY, "commit": COMMIT} for change in items(document["changes"])
            ]
        return document

    async def submit(
        self, artifact: JsonObject | None = None, *, by: Principal | None = None, withdraw: bool = False, key: str = ""
    ) -> SubmittedArtifact:
        """Submits the artifact, by default the draft, to the current phase."""
        phase = Phase(self.view().phase)
        submission = Submission(phase, artifact=artifact or self.draft(), withdraw=withdraw)
        return await submit_artifact(self.tenant.env, by or self.tenant.agent, self.project, submission, key=key)

    async def change_elements(self, *changes: JsonObject) -> SubmittedArtifact:
        """Submits element changes on the current revision of the current phase."""
        phase = Phase(self.view().phase)
        submission = Submission(phase, base=self.brief().base, changes=changes)
        return await submit_artifact(self.tenant.env, self.tenant.agent, self.project, submission)

    async def ask(self) -> RequestedReview:
        """Requests the review without waiting for its end."""
        return await request_review(
            self.tenant.env, self.tenant.agent, self.project, wait_seconds=0, progress=no_progress
        )

    async def look(self) -> Sight:
        return Sight(*await current_brief(self.tenant.env, self.tenant.operator, self.project))

    async def decide(
        self,
        verdict: GateVerdict = GateVerdict.APPROVE,
        *comments: Comment,
        signer: DecisionSigner | None = None,
        sight: Sight | None = None,
    ) -> AcceptedStatement:
        """Signs on what is shown now, or on what was shown then (`sight`)."""
        shown = sight or await self.look()
        by = signer or self.tenant.signer
        return await sign_decision(
            self.tenant.env, self.tenant.operator, by, shown.scene, shown.brief, verdict, comments
        )

    async def pass_gate(self, artifact: JsonObject | None = None) -> AcceptedStatement:
        """Submits, asks and approves in the current phase."""
        await self.submit(artifact or await self.whole_draft())
        await self.ask()
        return await self.decide()

    async def to(self, phase: Phase) -> Walk:
        """Passes every gate before the phase that does not pass by itself."""
        while self.view().phase != phase:
            await self.pass_gate()
        return self

    async def whole_draft(self) -> JsonObject:
        """The draft; of a validation with a report recorded for it, with a test of every requirement."""
        if self.view().phase != Phase.VALIDATION:
            return self.draft()
        asked = [text(mapping(item)["id"]) for item in items(self.brief().basis["requirements"])]
        recorded = await self.record(report(*asked))
        return {**self.draft(), "evidence": [recorded.evidence]}

    async def complete_but_the_last(self) -> Walk:
        """The last gate has a revision, and nobody has asked for its review."""
        await self.to(Phase.VALIDATION)
        await self.submit(await self.whole_draft())
        return self

    async def signed_again(self) -> AcceptedStatement:
        """The kept revision of the current phase is approved as it is, without its agent."""
        await review_again(self.tenant.env, self.tenant.operator, self.project)
        return await self.decide()

    async def complete(self) -> Walk:
        """Passes all gates that are left."""
        await self.to(Phase.VALIDATION)
        await self.pass_gate()
        return self

    async def record(
        self, junit: str, *, by: Principal | None = None, dirty: bool = False, commit: str = COMMIT, exit_code: int = 0
    ) -> RecordedEvidence:
        """Records a test report with the run that was observed, by default as the runner."""
        now = timestamp(self.tenant.clock())
        run = {"command": "pytest", "exit_code": exit_code, "dirty": dirty, "started_at": now, "ended_at": now}
        offer = EvidenceOffer("junit", report=junit, run=run, repository=REPOSITORY, commit=commit)
        return await submit_evidence(self.tenant.env, by or self.tenant.runner, self.project, offer)

    async def change(self, change: Change, by: Principal | None = None, *, key: str = "") -> ChangedProject:
        return await change_project(self.tenant.env, by or self.tenant.agent, self.project, change, key=key)

    async def next_iteration(self, vibe: str = VIBE) -> ChangedProject:
        return await self.change(Change("start_iteration", vibe=vibe))


async def refounded(tenant: Tenant, *, sweep: bool = True) -> Tenant:
    """The tenant under a new root, whose only approver is the same person with another key."""
    env, operator = tenant.env, tenant.operator
    owner = env.store.read(lambda reader: reader.persons(operator.tenant))[0].id
    signer = new_demo_signer(ApproverId(env.new_id("apr")), env.random_bytes)
    ids = NewTenant(operator.tenant, signer.keyid, owner)
    await refound_tenant(env, ids, signer=signer, public_key=signer.public_key, policy=DEMO)
    if sweep:
        await put_back_all(env, operator)
    return replace(tenant, signer=signer)


def report(*requirements: str, failing: tuple[str, ...] = ()) -> str:
    """A JUnit report with one test a requirement, by default for the two of `VIBE`."""
    cases = "".join(
        f'<testcase name="test_{requirement.lower().replace("-", "_")}">'
        + ("<failure/>" if requirement in failing else "")
        + "</testcase>"
        for requirement in requirements or ("REQ-001", "REQ-002")
    )
    return f'<testsuite name="pantry">{cases}</testsuite>'


def red_beside(junit: str) -> str:
    """The report of a run in which a test that names no requirement failed as well."""
    return junit.replace("</testsuite>", '<testcase name="lint"><failure/></testcase></testsuite>')


def without_acceptance(mood: JsonObject) -> JsonObject:
    """The mood artifact with a blocking finding at every requirement."""
    return {**mood, "requirements": [{**mapping(item), "acceptance": []} for item in items(mood["requirements"])]}


def requirement_changed(brief: Brief, number: int = 0) -> JsonObject:
    """A change of one requirement's words."""
    requirement = mapping(items(brief.basis["requirements"])[number])
    element: JsonObject = {**requirement, "statement": f"{text(requirement['statement'])} And quickly."}
    return {"op": "set", "id": requirement["id"], "element": element}


async def no_progress(_waited: int, _of: int, _words: str) -> None:
    """For calls that do not wait."""


def refusal(caught: pytest.ExceptionInfo[VdwError]) -> str:
    return caught.value.code.value


async def waive(
    env: Environment,
    operator: Principal,
    signer: DecisionSigner,
    project: str,
    *,
    finding: str,
    until: str,
    reason: str,
) -> AcceptedStatement:
    """Checks and signs at once, as somebody does who has the passphrase ready."""
    wanted = await require_waivable(env, operator, project, finding=finding, until=until, reason=reason)
    return await sign_waiver(env, operator, signer, wanted)
