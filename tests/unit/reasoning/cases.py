"""For every rule: projects that it speaks up on, and projects that it does not. The mutation test works on these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.unit.reasoning.sketch import HEAD, REPOSITORY, Sketch, sound, sound_light
from vdw.domain.stages import Lane, Phase
from vdw.domain.trust_level import Trust
from vdw.reasoning.facts import HeadFact, ListedFile, ProjectFacts
from vdw.reasoning.relations import Row


@dataclass(frozen=True, slots=True)
class Case:
    """`keys`: what the rule finds, as subjects joined by commas; empty where it is silent."""

    rule: str
    name: str
    facts: ProjectFacts
    keys: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.rule}: {self.name}"


@dataclass(frozen=True, slots=True)
class RowCase:
    """What a rule derives from rows that no project would be cut to."""

    rule: str
    name: str
    rows: Mapping[str, list[Row]]
    derived: tuple[Row, ...] = ()

    def __str__(self) -> str:
        return f"{self.rule}: {self.name}"


def case(rule: str, name: str, sketch: Sketch, *keys: str) -> Case:
    return Case(rule, name, sketch.facts(), keys)


GATES = [
    case("prerequisite_phase", "an earlier phase was never decided", sound().phase(Phase.MOOD, 1, approved=0), "mood"),
    case("prerequisite_phase", "all earlier phases are approved", sound()),
    case(
        "prerequisite_phase",
        "the gate's own phase and later ones are not approved",
        sound()
        .at(Phase.SPECIFICATION)
        .phase(Phase.SPECIFICATION, 1, approved=0)
        .phase(Phase.IMPLEMENTATION, 0, approved=0)
        .phase(Phase.VALIDATION, 0, approved=0),
    ),
    case("prerequisite_phase", "the light lane walks around two phases", sound_light()),
    case(
        "approval_not_current",
        "the phase was revised since",
        sound().phase(Phase.ARCHITECTURE, 2, approved=1),
        "architecture",
    ),
    case("approval_not_current", "every approval is for the current revision", sound()),
    case(
        "approval_not_current",
        "the phase was never approved, which is another rule's",
        sound().phase(Phase.MOOD, 1, approved=0),
    ),
    case(
        "approval_not_current",
        "the gate's own phase was revised",
        sound().at(Phase.ARCHITECTURE).phase(Phase.ARCHITECTURE, 2, approved=1),
    ),
    case(
        "approval_not_current",
        "a phase outside the lane was revised",
        sound_light().phase(Phase.ARCHITECTURE, 2, approved=1),
    ),
]

MOOD = [
    case("missing_acceptance", "no criterion", sound().add("REQ-001", acceptance=0).at(Phase.MOOD), "REQ-001"),
    case("missing_acceptance", "every requirement has one", sound()),
    case("missing_acceptance", "a component has none", sound().add("CMP-001")),
    case("no_requirement", "nothing is required", Sketch().add("CMP-001").at(Phase.MOOD), "mood"),
    case("no_requirement", "one is enough", sound().remove("REQ-002").at(Phase.MOOD)),
    case("no_requirement", "what is required was removed", sound().remove("REQ-001").remove("REQ-002"), "validation"),
    case("free_pattern", "no pattern", sound().add("REQ-001", free=True).at(Phase.MOOD), "REQ-001"),
    case("free_pattern", "every requirement has one", sound().at(Phase.MOOD)),
    case("free_pattern", "a later gate does not ask", sound().add("REQ-001", free=True).at(Phase.ARCHITECTURE)),
    case("blocking_question", "no answer", sound().add("QUE-002", blocking=True).at(Phase.MOOD), "QUE-002"),
    case("blocking_question", "answered", sound().add("QUE-002", blocking=True, answered=True)),
    case("blocking_question", "not blocking", sound().add("QUE-002")),
    case("blocking_question", "what blocks is no question", sound().add("REQ-001", blocking=True)),
]

COVERAGE = [
    case("uncovered", "no component", sound().unlink("CMP-001", "REQ-001").at(Phase.ARCHITECTURE), "REQ-001"),
    case("uncovered", "every requirement has a component", sound()),
    case("uncovered", "only a contract satisfies it", sound().unlink("CMP-002", "REQ-002"), "REQ-002"),
    case("uncovered", "the mood's gate does not ask", sound().unlink("CMP-001", "REQ-001").at(Phase.MOOD)),
    case("uncovered", "the light lane does not ask", sound_light()),
    case("orphan_component", "satisfies nothing", sound().add("CMP-003").at(Phase.ARCHITECTURE), "CMP-003"),
    case("orphan_component", "every component satisfies a requirement", sound()),
    case(
        "orphan_component",
        "satisfies what is gone",
        sound().add("CMP-003").link("CMP-003", "satisfies", "REQ-009"),
        "CMP-003",
    ),
    case("unspecified", "no contract", sound().unlink("SPC-001", "REQ-001").at(Phase.SPECIFICATION), "REQ-001"),
    case("unspecified", "every requirement has a contract", sound()),
    case("contract_without_task", "no task", sound().unlink("TSK-001", "SPC-001").at(Phase.SPECIFICATION), "SPC-001"),
    case("contract_without_task", "every contract has a task", sound()),
    case("contract_without_task", "an orphan is another rule's", sound().add("SPC-003")),
    case("orphan_contract", "satisfies nothing", sound().add("SPC-003").at(Phase.SPECIFICATION), "SPC-003"),
    case("orphan_contract", "every contract satisfies a requirement", sound()),
    case("orphan_task", "specifies nothing", sound().add("TSK-003").at(Phase.SPECIFICATION), "TSK-003"),
    case("orphan_task", "every task specifies a contract", sound()),
    case(
        "orphan_task",
        "only depends on another task",
        sound().add("TSK-003").link("TSK-003", "depends_on", "TSK-001"),
        "TSK-003",
    ),
]

CYCLES = [
    case(
        "dependency_cycle",
        "two tasks wait for each other, a third waits for them, others are waited for",
        sound()
        .at(Phase.SPECIFICATION)
        .add("TSK-003", "TSK-004", "TSK-005")
        .link("TSK-001", "depends_on", "TSK-002")
        .link("TSK-002", "depends_on", "TSK-001")
        .link("TSK-003", "depends_on", "TSK-001")
        .link("TSK-001", "depends_on", "TSK-004")
        .link("TSK-004", "depends_on", "TSK-005"),
        "TSK-001",
        "TSK-002",
    ),
    case(
        "dependency_cycle",
        "a ring of three, and one that waits for itself",
        sound()
        .add("TSK-003")
        .link("TSK-001", "depends_on", "TSK-002")
        .link("TSK-002", "depends_on", "TSK-003")
        .link("TSK-003", "depends_on", "TSK-001")
        .link("CMP-001", "depends_on", "CMP-001"),
        "CMP-001",
        "TSK-001",
        "TSK-002",
        "TSK-003",
    ),
    case(
        "dependency_cycle",
        "a chain",
        sound().add("TSK-003").link("TSK-001", "depends_on", "TSK-002").link("TSK-002", "depends_on", "TSK-003"),
    ),
    case(
        "dependency_cycle",
        "another kind of link closes it",
        sound().link("TSK-001", "depends_on", "CHG-001"),
    ),
]

CYCLE_ROWS = [
    RowCase("dependency_cycle", "nobody is asked", {"depends_on": [(1, 2), (2, 1)]}),
    RowCase("dependency_cycle", "one is asked", {"depends_on": [(1, 2), (2, 1)], "asked": [(2,)]}, ((1, 2), (2, 1))),
]

IMPLEMENTATION = [
    case(
        "unimplemented",
        "no change reaches it",
        sound().unlink("CHG-001", "TSK-001").at(Phase.IMPLEMENTATION),
        "REQ-001",
    ),
    case("unimplemented", "by a task of its contract", sound()),
    case("unimplemented", "directly", sound_light()),
    case(
        "unimplemented",
        "its contract has no task, though another has",
        sound().unlink("TSK-001", "SPC-001").at(Phase.IMPLEMENTATION),
        "REQ-001",
    ),
    case(
        "unimplemented",
        "nothing implements it in the light lane",
        sound_light().unlink("CHG-001", "REQ-001"),
        "REQ-001",
    ),
    case("unimplemented", "carried into the light lane with its chain", sound().at(Phase.IMPLEMENTATION, Lane.LIGHT)),
    case("task_without_change", "no change", sound().unlink("CHG-001", "TSK-001").at(Phase.IMPLEMENTATION), "TSK-001"),
    case("task_without_change", "every task has a change", sound()),
    case(
        "task_without_change",
        "the light lane does not ask",
        sound().unlink("CHG-001", "TSK-001").at(Phase.IMPLEMENTATION, Lane.LIGHT),
    ),
    case("orphan_change", "implements nothing", sound().add("CHG-003").at(Phase.IMPLEMENTATION), "CHG-003"),
    case("orphan_change", "implements a task", sound()),
    case("orphan_change", "implements a requirement", sound_light()),
]

OLD = "0ddba11"
ELSEWHERE = "https://example.org/other.git"


def shown(
    *,
    outcome: str = "passed",
    trust: Trust = Trust.RUN,
    repository: str = REPOSITORY,
    commit: str = HEAD,
    clean: bool = True,
) -> Sketch:
    """A sound project, but that its one piece of evidence is this."""
    sketch = sound().remove("EVD-001")
    return sketch.show(
        "EVD-002", "REQ-001", outcome=outcome, trust=trust, repository=repository, commit=commit, clean=clean
    ).show("EVD-003", "REQ-002", metrics=["MET-001"])


def demanding(trust: Trust, sketch: Sketch) -> Sketch:
    sketch.demanded = trust
    return sketch


def claimed() -> Sketch:
    return shown(trust=Trust.CLAIMED, repository="", commit="")


def strict(*, trust: Trust, clean: bool) -> Sketch:
    """Where attested is demanded: the one piece of evidence of the first requirement is this."""
    sketch = sound().remove("EVD-001").show("EVD-002", "REQ-001", trust=trust, clean=clean)
    return demanding(Trust.ATTESTED, sketch.show("EVD-003", "REQ-002", trust=Trust.ATTESTED, metrics=["MET-001"]))


def headed(repository: str, *, built: bool = False) -> Sketch:
    """A sound project that names the head of a second repository."""
    sketch = sound()
    sketch.heads.append(HeadFact(repository, HEAD))
    sketch.built += [repository] if built else []
    return sketch


def measured(
    *,
    outcome: str = "passed",
    trust: Trust = Trust.RUN,
    repository: str = REPOSITORY,
    commit: str = HEAD,
    clean: bool = True,
) -> Sketch:
    """A sound project with a second metric, and the one piece of evidence that measures it."""
    return (
        sound()
        .add("MET-002")
        .show(
            "EVD-002",
            outcome=outcome,
            trust=trust,
            repository=repository,
            commit=commit,
            clean=clean,
            metrics=["MET-002"],
        )
    )


FOUND = "REQ-001,EVD-002"

EVIDENCE = [
    case("unverified", "nothing speaks of it", sound().remove("EVD-001").show("EVD-002", "REQ-001"), "REQ-002"),
    case("unverified", "evidence that does not count has other findings", shown(outcome="failed")),
    case("unverified", "the implementation's gate does not ask", sound().remove("EVD-001").at(Phase.IMPLEMENTATION)),
    case(
        "evidence_failed", "failed, whatever else passed", sound().show("EVD-002", "REQ-001", outcome="failed"), FOUND
    ),
    case("evidence_failed", "skipped", shown(outcome="skipped")),
    case("evidence_failed", "passed", sound()),
    case(
        "evidence_run_failed",
        "a test failed that names no requirement",
        sound().show("EVD-002", outcome="failed", metrics=["MET-001"]),
        "EVD-002",
    ),
    case(
        "evidence_run_failed",
        "what failed is no requirement of this project any more",
        sound().show("EVD-002", "REQ-009", outcome="failed"),
        "EVD-002",
    ),
    case("evidence_run_failed", "a requirement failed", sound().show("EVD-002", "REQ-001", outcome="failed")),
    case("evidence_run_failed", "nothing was run", sound().show("EVD-002", outcome="not_run")),
    case("evidence_run_failed", "all passed", sound()),
    case("evidence_not_run", "skipped", shown(outcome="skipped"), FOUND),
    case("evidence_not_run", "not run", shown(outcome="not_run"), FOUND),
    case("evidence_not_run", "failed", shown(outcome="failed")),
    case("evidence_not_run", "other evidence verifies it", sound().show("EVD-002", "REQ-001", outcome="skipped")),
    case("evidence_below_trust", "reported where run is demanded", shown(trust=Trust.REPORTED), FOUND),
    case("evidence_below_trust", "attested where run is demanded", shown(trust=Trust.ATTESTED)),
    case(
        "evidence_below_trust",
        "reported where reported is demanded",
        demanding(Trust.REPORTED, shown(trust=Trust.REPORTED)),
    ),
    case("evidence_below_trust", "a claim without a commit", claimed(), FOUND),
    case(
        "evidence_below_trust",
        "reported of a dirty tree, which is another rule's",
        shown(trust=Trust.REPORTED, clean=False),
    ),
    case(
        "evidence_below_trust",
        "reported of a dirty tree where a clean one would not be enough",
        strict(trust=Trust.REPORTED, clean=False),
        FOUND,
    ),
    case(
        "evidence_below_trust",
        "attested where attested is demanded, of a dirty tree",
        strict(trust=Trust.ATTESTED, clean=False),
    ),
    case(
        "evidence_below_trust",
        "other evidence verifies it where attested is demanded",
        strict(trust=Trust.REPORTED, clean=False).show("EVD-004", "REQ-001", trust=Trust.ATTESTED),
    ),
    case("evidence_below_trust", "enough trust, for another commit", shown(commit=OLD)),
    case("evidence_below_trust", "other evidence verifies it", sound().show("EVD-002", "REQ-001", trust=Trust.CLAIMED)),
    case("evidence_not_for_head", "an older commit", shown(commit=OLD), FOUND),
    case("evidence_not_for_head", "the head, but little trust", shown(trust=Trust.CLAIMED)),
    case("evidence_not_for_head", "a repository without a head", shown(repository=ELSEWHERE)),
    case("evidence_not_for_head", "other evidence verifies it", sound().show("EVD-002", "REQ-001", commit=OLD)),
    case("evidence_without_head", "a repository without a head", shown(repository=ELSEWHERE), FOUND),
    case("evidence_without_head", "a repository with another head", shown(commit=OLD)),
    case(
        "evidence_without_head",
        "other evidence verifies it",
        sound().show("EVD-002", "REQ-001", repository=ELSEWHERE),
    ),
    case("evidence_without_head", "a claim, which is too little in any case", claimed()),
    case("evidence_without_head", "a claim where claims are enough", demanding(Trust.CLAIMED, claimed()), FOUND),
    case(
        "evidence_without_head",
        "a claim of a repository with a head where claims are enough",
        demanding(Trust.CLAIMED, shown(trust=Trust.CLAIMED, commit=OLD)),
    ),
    case(
        "evidence_without_head",
        "other evidence verifies it where claims are enough",
        demanding(Trust.CLAIMED, sound().show("EVD-002", "REQ-001", trust=Trust.CLAIMED, repository="", commit="")),
    ),
    case("evidence_not_clean", "uncommitted changes", shown(clean=False), FOUND),
    case("evidence_not_clean", "a clean tree", shown(commit=OLD)),
    case("evidence_not_clean", "other evidence verifies it", sound().show("EVD-002", "REQ-001", clean=False)),
    case("orphan_evidence", "speaks of nothing", sound().show("EVD-002"), "EVD-002"),
    case("orphan_evidence", "speaks of what is gone", sound().show("EVD-002", "REQ-009"), "EVD-002"),
    case("orphan_evidence", "speaks of a requirement", shown()),
    case("orphan_evidence", "measures a metric", sound().show("EVD-002", metrics=["MET-001"])),
    case("metric_without_evidence", "nothing measures it", sound().add("MET-002"), "MET-002"),
    case("metric_without_evidence", "every metric is measured", sound()),
    case("head_without_change", "a change in every repository", sound()),
    case("head_without_change", "a second repository", headed("tests"), "implementation"),
    case("head_without_change", "a second one with a change", headed("tests", built=True)),
    case("head_without_change", "a change somewhere else", headed("tests", built=True).at(Phase.IMPLEMENTATION)),
    case("head_without_change", "before the implementation", headed("tests").at(Phase.SPECIFICATION)),
    case("evidence_unlisted", "all is listed", sound()),
    case("evidence_unlisted", "a failure, whatever else passed", sound().leave_out("REQ-001", "EVD-009"), "REQ-001"),
    case("evidence_unlisted", "a skip", sound().leave_out("REQ-002", "EVD-009", "skipped"), "REQ-002"),
    case("evidence_unlisted", "of a requirement that is gone", sound().leave_out("REQ-009", "EVD-009")),
    case("metric_not_met", "no outcome says anything", sound()),
    case("metric_not_met", "the number is reached", sound().measure("OUT-001", "MET-001", met=True)),
    case("metric_not_met", "it is missed", sound().measure("OUT-001", "MET-001", met=False), "MET-001,OUT-001"),
    case("metric_not_met", "of a metric that is gone", sound().measure("OUT-001", "MET-009", met=False)),
    case("metric_not_proven", "every metric is measured", sound()),
    case("metric_not_proven", "nothing measures it", sound().add("MET-002")),
    case("metric_not_proven", "a claim", measured(trust=Trust.CLAIMED), "MET-002,EVD-002"),
    case("metric_not_proven", "a claim is enough", demanding(Trust.CLAIMED, measured(trust=Trust.CLAIMED))),
    case("metric_not_proven", "more than is demanded", demanding(Trust.REPORTED, measured())),
    case("metric_not_proven", "at another commit", measured(commit="beef"), "MET-002,EVD-002"),
    case("metric_not_proven", "in another repository", measured(repository="other"), "MET-002,EVD-002"),
    case("metric_not_proven", "on a dirty tree", measured(clean=False), "MET-002,EVD-002"),
    case("metric_not_proven", "nothing was run", measured(outcome="not_run"), "MET-002,EVD-002"),
    case("metric_not_proven", "something failed", measured(outcome="failed"), "MET-002,EVD-002"),
    case("metric_not_proven", "other evidence proves it", measured(commit="beef").show("EVD-003", metrics=["MET-002"])),
    case("metric_not_proven", "of a metric that is gone", sound().show("EVD-002", commit="beef", metrics=["MET-009"])),
]


def with_interface() -> Sketch:
    """A sound project with a link that no relation of the chain holds."""
    return sound().add("INT-001").link("INT-001", "depends_on", "CMP-001")


STALE = [
    case("stale", "nothing changed", with_interface()),
    case("stale", "nothing changed in the light lane", sound_light()),
    case(
        "stale",
        "a requirement changed",
        sound().change("REQ-001"),
        "CMP-001,REQ-001",
        "EVD-001,REQ-001",
        "SPC-001,REQ-001",
    ),
    case("stale", "a contract changed", sound().change("SPC-001"), "TSK-001,SPC-001"),
    case("stale", "a task changed", sound().change("TSK-001"), "CHG-001,TSK-001"),
    case(
        "stale",
        "a requirement of the light lane changed",
        sound_light().change("REQ-001"),
        "CHG-001,REQ-001",
        "EVD-001,REQ-001",
    ),
    case("stale", "a component changed", with_interface().change("CMP-001"), "INT-001,CMP-001"),
    case(
        "stale",
        "the stamp was never seen",
        with_interface().link("INT-001", "depends_on", "CMP-001", made_for=0),
        "INT-001,CMP-001",
    ),
    case("stale", "the mood was reopened", with_interface().change("REQ-001").change("CMP-001").at(Phase.MOOD)),
    case("stale", "the light lane's mood was reopened", sound_light().change("REQ-001").at(Phase.MOOD)),
    case(
        "stale",
        "the architecture was reopened",
        sound().change("REQ-001").change("SPC-001").at(Phase.ARCHITECTURE),
        "CMP-001,REQ-001",
    ),
    case(
        "stale",
        "the specification was reopened",
        sound().change("REQ-001").change("TSK-001").at(Phase.SPECIFICATION),
        "CMP-001,REQ-001",
        "SPC-001,REQ-001",
    ),
    case(
        "stale",
        "the implementation was reopened",
        sound().change("REQ-001").at(Phase.IMPLEMENTATION),
        "CMP-001,REQ-001",
        "SPC-001,REQ-001",
    ),
    case(
        "stale",
        "the light lane walks around two phases",
        sound().change("REQ-001").at(Phase.IMPLEMENTATION, Lane.LIGHT),
    ),
    case(
        "stale_gone",
        "a requirement was removed",
        sound().remove("REQ-002"),
        "CMP-002,REQ-002",
        "EVD-001,REQ-002",
        "SPC-002,REQ-002",
    ),
    case("stale_gone", "the mood was reopened", sound().remove("REQ-002").at(Phase.MOOD)),
    case("stale_gone", "everything is there", with_interface()),
    case(
        "stale_gone",
        "what a requirement replaced does not have to be there",
        sound().link("REQ-001", "supersedes", "REQ-009"),
    ),
    case(
        "stale_basis",
        "two steps from a change",
        sound().change("REQ-001"),
        "CHG-001,TSK-001",
        "TSK-001,SPC-001",
    ),
    case("stale_basis", "a step from what is gone", sound().remove("SPC-002"), "CHG-002,TSK-002"),
    case("stale_basis", "nothing changed", with_interface()),
    case(
        "stale_basis",
        "the specification was reopened",
        sound().change("REQ-001").at(Phase.SPECIFICATION),
        "TSK-001,SPC-001",
    ),
    case(
        "stale_basis",
        "the light lane looks through what it walks around",
        sound().change("REQ-001").at(Phase.VALIDATION, Lane.LIGHT),
        "CHG-001,TSK-001",
    ),
]

TESTS = "pantry:tests/test_pantry.py"
MORE_TESTS = "pantry:tests/test_more.py"


def reworded(*files: ListedFile, placed: bool = True, stood: int = 1) -> Sketch:
    """A sound project whose first requirement is at its second version, with all that rests on it."""
    sketch = sound().change("REQ-001")
    for source in ("CMP-001", "SPC-001"):
        sketch.link(source, "satisfies", "REQ-001", made_for=2)
    sketch.link("EVD-001", "verifies", "REQ-001", made_for=2)
    return sketch.tested("REQ-001", *files, stood=stood, placed=placed)


SAME, UNLISTED = ListedFile(TESTS, ("a",), ("a",)), ListedFile(TESTS, (), ("a",))
CHANGED, NEW = ListedFile(TESTS, ("b",), ("a",)), ListedFile(MORE_TESTS, ("a",), ())

RETESTED = [
    case("tests_unchanged", "its test file is listed as it was", reworded(SAME), "REQ-001"),
    case("tests_unchanged", "its test file is listed no more", reworded(UNLISTED), "REQ-001"),
    case("tests_unchanged", "its test file was never listed", reworded(ListedFile(TESTS, (), ())), "REQ-001"),
    case("tests_unchanged", "its test file has changed", reworded(CHANGED)),
    case(
        "tests_unchanged",
        "its test file has changed in one of two changes",
        reworded(ListedFile(TESTS, ("a", "b"), ("a",))),
    ),
    case("tests_unchanged", "one of its test files is new", reworded(SAME, NEW)),
    case("tests_unchanged", "nothing is known of test files", reworded()),
    case("tests_unchanged", "one of its tests lies nobody knows where", reworded(SAME, placed=False)),
    case("tests_unchanged", "it has not changed", reworded(SAME, stood=2)),
    case(
        "tests_unchanged",
        "the test file of another requirement has changed",
        reworded(SAME).tested("REQ-002", NEW, stood=1),
        "REQ-001",
    ),
    case("tests_unchanged", "the implementation's gate does not ask", reworded(SAME).at(Phase.IMPLEMENTATION)),
]

CASES: list[Case] = [*GATES, *MOOD, *COVERAGE, *CYCLES, *IMPLEMENTATION, *EVIDENCE, *STALE, *RETESTED]
ROW_CASES: list[RowCase] = CYCLE_ROWS
