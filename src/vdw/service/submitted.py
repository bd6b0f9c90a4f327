"""The answer to a submission: from the project as the submission left it and the verdict it was given, so that the same
call again hears the same (law 7), whatever happened since."""

from __future__ import annotations

from dataclasses import replace

from vdw.domain.canonical import Digest, JsonObject, parse_object
from vdw.domain.fields import flag, items, mapping
from vdw.domain.policy import Policy
from vdw.domain.stages import Phase
from vdw.errors import ErrorCode, VdwError
from vdw.service.answers import SubmittedArtifact
from vdw.service.environment import Environment
from vdw.service.history import state_at
from vdw.service.loading import Loaded
from vdw.service.next_steps import next_step
from vdw.service.objects import genuine_object
from vdw.service.project_views import SHOWN_FINDINGS, finding_from_json
from vdw.service.scene import Scene
from vdw.store.interface import Reader, ReplayRow

MAX_VERDICT_BYTES = 64 * 1024 * 1024
"""Our own verdicts, in bytes: some 200,000 findings, more than 50,000 elements give."""


def submitted(
    env: Environment,
    loaded: Loaded,
    phase: Phase,
    verdict: JsonObject,
    policy: Policy,
    *,
    unchanged: bool = False,
) -> SubmittedArtifact:
    """The answer where the submission left the project as loaded, under this policy."""
    findings = [finding_from_json(mapping(item)) for item in items(verdict["findings"])]
    work = loaded.state.work(phase)
    return SubmittedArtifact(
        project=loaded.row.id,
        phase=phase.value,
        stage=work.stage.value,
        revision=work.revision,
        digest=work.digest,
        unchanged=unchanged,
        allowed=flag(verdict["allowed"]),
        findings=findings[:SHOWN_FINDINGS],
        more_findings=max(0, len(findings) - SHOWN_FINDINGS),
        next=next_step(env, loaded, findings, policy),
    )


def submitted_before(
    env: Environment, reader: Reader, scene: Scene, phase: Phase, replay: ReplayRow
) -> SubmittedArtifact:
    """The answer that the same call had. Only whether its lane and a template draft may be reviewed is told by the
    policy of now."""
    loaded = replace(scene.loaded, state=state_at(reader, scene.loaded, replay.event_version))
    verdict = _verdict(reader, loaded, replay)
    return submitted(env, loaded, phase, verdict, scene.trust.policy, unchanged=bool(replay.unchanged))


def _verdict(reader: Reader, loaded: Loaded, replay: ReplayRow) -> JsonObject:
    """What the call named, or the event that it made."""
    digest = replay.unchanged
    if not digest:
        (made,) = reader.events(loaded.row.tenant, loaded.row.id, after=replay.event_version - 1, limit=1)
        digest = str(made.data["judged"])
    body = genuine_object(reader, loaded.row.id, Digest(digest))
    if body is None:
        raise VdwError(ErrorCode.STORAGE, "The submission's verdict is missing.", "Restore the store from a backup.")
    return parse_object(body, max_bytes=MAX_VERDICT_BYTES)
