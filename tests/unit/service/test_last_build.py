"""Requirements that changed while the files that test them did not: a warning, where the last build and the files are
known."""

from __future__ import annotations

from hashlib import sha256

import pytest

from tests.unit.service.walking import REPOSITORY, Tenant, Walk, requirement_changed
from tests.unit.trust.chains import Log
from vdw.domain.canonical import Digest, JsonObject, digest_bytes
from vdw.domain.fields import items, mapping
from vdw.domain.ids import ProjectId
from vdw.domain.stages import GateVerdict, Lane, Phase
from vdw.service.answers import SubmittedArtifact
from vdw.service.changing import Change
from vdw.service.last_build import LastBuild, last_build

TESTS = "tests/test_pantry.py"
GATES = {"M": Phase.MOOD, "A": Phase.ARCHITECTURE, "I": Phase.IMPLEMENTATION, "V": Phase.VALIDATION}
WARNING = ("tests_unchanged:REQ-001", "warning")


def digest(name: str) -> Digest:
    return digest_bytes(name.encode())


def approved(*iterations: str) -> Log:
    """A log of approvals, iteration by iteration: `M1 I1` are a mood and an implementation."""
    log = Log()
    for iteration, names in enumerate(iterations, start=1):
        for name in names.split():
            log.decide(gate=GATES[name[0]], iteration=iteration, digest=digest(name), review=f"rev_{name}")
    return log


@pytest.mark.parametrize(
    ("iterations", "build"),
    [
        (("M1 I1 V1", "M2 I2"), "M1 I1"),
        (("M1 I1 V1", "M2"), "M1 I1"),
        (("M1 I1 V1", "M3 I3", "M2 I2"), "M1 I1"),
        (("M1 I1 V1", "M3 I3 M2 I2"), "M1 I1"),
        (("M0 I0 V0", "M1 V1", "M2 I2"), "M1 I0"),
        (("M0 I0 V0", "M3 I3", "M1 V1", "M2 I2"), "M1 I0"),
        (("M1 I1 M2 I2",), "M1 I1"),
        (("M0 I0 M1 I1 M2",), "M1 I1"),
        (("M1 I1 M3 M2 I2",), "M1 I1"),
        (("M2 I2",), ""),
        (("M1 M2 I2",), ""),
        (("M1 I1", "M2 I2"), ""),
        (("M1 I1 V1",), ""),
    ],
    ids=[
        "the completed iteration",
        "before anything is built",
        "an abandoned iteration between",
        "the mood was approved twice in this iteration",
        "its implementation stood from before",
        "not what an abandoned one built",
        "reopened within the first iteration",
        "reopened twice",
        "reopened twice before it was built again",
        "the first build",
        "the first build after the mood was reopened",
        "an abandoned iteration alone",
        "the mood is none that was approved",
    ],
)
def test_the_last_build_is_what_was_approved_together_before(iterations: tuple[str, ...], build: str) -> None:
    log = approved(*iterations)

    found = last_build(log.state, ProjectId("prj_a"), digest("M2"))

    assert found == (LastBuild(*map(digest, build.split())) if build else None)


def test_what_was_rejected_was_never_built() -> None:
    log = approved("M1")
    log.decide(gate=Phase.IMPLEMENTATION, digest=digest("I1"), review="rev_I1", verdict=GateVerdict.REJECT)
    log.decide(digest=digest("M2"), review="rev_M2")

    assert last_build(log.state, ProjectId("prj_a"), digest("M2")) is None


def test_another_project_built_nothing_here() -> None:
    log = approved("M1 I1 V1")
    log.decide(digest=digest("M2"), review="rev_M2", project="prj_b")

    assert last_build(log.state, ProjectId("prj_b"), digest("M2")) is None


async def test_a_requirement_that_changed_without_its_test_file_is_warned_of_and_blocks_nothing(tenant: Tenant) -> None:
    walk = await _rebuilt(tenant, "new words", test_file="as it was")

    submitted = await _validated(walk)

    assert [(finding.key, finding.severity) for finding in submitted.findings] == [WARNING]
    assert f"{REPOSITORY}:{TESTS}" in submitted.findings[0].reason
    assert submitted.allowed
    assert (await walk.ask()).outcome == "waiting"


async def test_nothing_is_said_where_the_test_file_changed_too(tenant: Tenant) -> None:
    walk = await _rebuilt(tenant, "new words", test_file="new tests")

    assert (await _validated(walk)).findings == []


async def test_nothing_is_said_where_no_requirement_changed(tenant: Tenant) -> None:
    walk = await _rebuilt(tenant, "", test_file="as it was")

    assert (await _validated(walk)).findings == []


async def test_nothing_is_said_where_the_report_names_no_file(tenant: Tenant) -> None:
    walk = await _rebuilt(tenant, "new words", test_file="as it was")

    assert (await _validated(walk, place="")).findings == []


async def test_a_class_that_is_called_after_a_listed_file_is_in_it(tenant: Tenant) -> None:
    walk = await _rebuilt(tenant, "new words", test_file="as it was")

    submitted = await _validated(walk, place='classname="tests.test_pantry.TestList"')

    assert [(finding.key, finding.severity) for finding in submitted.findings] == [WARNING]


async def test_within_the_first_iteration_the_build_before_the_mood_was_reopened_is_compared(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant, Lane.LIGHT)).to(Phase.IMPLEMENTATION)
    await walk.pass_gate(_built(walk, "as it was"))
    await walk.change(Change("reopen", phase=Phase.MOOD))
    await _reworded(walk)
    await walk.pass_gate(_built(walk, "as it was"))

    assert [(finding.key, finding.severity) for finding in (await _validated(walk)).findings] == [WARNING]


async def _rebuilt(tenant: Tenant, words: str, *, test_file: str) -> Walk:
    """The validation of a second iteration, after a first whose test file was `as it was`."""
    walk = await (await Walk.begin(tenant, Lane.LIGHT)).to(Phase.IMPLEMENTATION)
    await walk.pass_gate(_built(walk, "as it was"))
    await walk.complete()
    await walk.next_iteration()
    if words:
        await _reworded(walk)
    else:
        await walk.pass_gate()
    if walk.view().phase == Phase.IMPLEMENTATION:
        await walk.pass_gate(_built(walk, test_file))
    return walk


async def _reworded(walk: Walk) -> None:
    await walk.change_elements(requirement_changed(walk.brief()))
    await walk.ask()
    await walk.decide()


def _built(walk: Walk, test_file: str) -> JsonObject:
    """An implementation that lists the test file with this content in each of its changes."""
    listed: JsonObject = {"path": TESTS, "sha256": sha256(test_file.encode()).hexdigest(), "lines": 1}
    draft = walk.draft()
    return {**draft, "changes": [{**mapping(change), "files": [listed]} for change in items(draft["changes"])]}


async def _validated(walk: Walk, place: str = f'file="{TESTS}"') -> SubmittedArtifact:
    """The validation on a report whose cases lie there."""
    cases = "".join(f'<testcase name="test_req_00{number}" {place}/>' for number in (1, 2))
    recorded = await walk.record(f"<testsuite>{cases}</testsuite>")
    return await walk.submit({**walk.draft(), "evidence": [recorded.evidence]})
