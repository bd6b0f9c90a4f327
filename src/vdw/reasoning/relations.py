"""The committed list of base relations: all that a rule may start from, each with its columns and what a row says.

Rows hold integers only (see `rows`). No relation states an absence or a conclusion. A link stands in the relation of
its kinds, so that a join never wades through links of other kinds; ids here are stable, new relations get the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vdw.domain.ids import ElementKind, LinkKind
from vdw.domain.stages import PHASES, Phase
from vdw.domain.trust_level import TRUST_ORDER, Trust

EXTRACTOR = "facts-4"
"""Version of what turns facts into rows. Raised whenever the same facts would give other rows."""


class ColumnKind(StrEnum):
    """What the integers of a column stand for."""

    ELEMENT = "element"
    PHASE = "phase"
    VERSION = "version"
    COUNT = "count"
    OUTCOME = "outcome"
    TRUST = "trust"
    FLAG = "flag"
    MET = "met"
    REPOSITORY = "repository"
    COMMIT = "commit"
    DIGEST = "digest"
    FILE = "file"
    CONTENT = "content"


COLUMNS: Mapping[str, ColumnKind] = {
    "Requirement": ColumnKind.ELEMENT,
    "Component": ColumnKind.ELEMENT,
    "Contract": ColumnKind.ELEMENT,
    "Task": ColumnKind.ELEMENT,
    "Change": ColumnKind.ELEMENT,
    "Evidence": ColumnKind.ELEMENT,
    "Metric": ColumnKind.ELEMENT,
    "Question": ColumnKind.ELEMENT,
    "Element": ColumnKind.ELEMENT,
    "Basis": ColumnKind.ELEMENT,
    "Phase": ColumnKind.PHASE,
    "Gate": ColumnKind.PHASE,
    "Version": ColumnKind.VERSION,
    "Stamp": ColumnKind.VERSION,
    "Criteria": ColumnKind.COUNT,
    "Total": ColumnKind.COUNT,
    "Outcome": ColumnKind.OUTCOME,
    "Trust": ColumnKind.TRUST,
    "Demanded": ColumnKind.TRUST,
    "Clean": ColumnKind.FLAG,
    "Met": ColumnKind.MET,
    "Repository": ColumnKind.REPOSITORY,
    "Commit": ColumnKind.COMMIT,
    "Head": ColumnKind.COMMIT,
    "Digest": ColumnKind.DIGEST,
    "File": ColumnKind.FILE,
    "Content": ColumnKind.CONTENT,
}
"""Every column name that a relation or a rule's head comment may use."""


Row = tuple[int, ...]
Rows = dict[str, list[Row]]
"""Relation → its rows. A row may stand twice; a program drops the second."""


@dataclass(frozen=True, slots=True)
class Relation:
    id: int
    name: str
    columns: tuple[str, ...]
    says: str
    """One row in words; `{Column}` stands for the column's value."""
    home: int | None = None
    """The column whose element's slice holds the row; None for what every program gets that asks for it."""

    @property
    def arity(self) -> int:
        return len(self.columns)


RELATIONS: tuple[Relation, ...] = (
    # The gate and the project.
    Relation(1, "gate", ("Gate",), "The gate is {Gate}."),
    Relation(2, "walks", ("Phase",), "The lane walks through {Phase}."),
    Relation(3, "demanded", ("Demanded",), "The policy in force demands evidence of trust {Demanded}."),
    Relation(4, "head", ("Repository", "Head"), "The implementation names {Head} as the head of {Repository}."),
    Relation(5, "current", ("Phase", "Digest"), "The current revision of {Phase} is {Digest}."),
    Relation(6, "approved", ("Phase", "Digest"), "Verified decisions approve {Phase} as {Digest}."),
    Relation(7, "requirements", ("Total",), "The mood asks {Total} requirements."),
    Relation(8, "built", ("Repository",), "The implementation lists a change in {Repository}."),
    # Elements, by kind.
    Relation(10, "requirement", ("Requirement", "Version"), "{Requirement} is a requirement, at {Version}.", 0),
    Relation(11, "component", ("Component",), "{Component} is a component.", 0),
    Relation(12, "contract", ("Contract", "Version"), "{Contract} is a contract, at {Version}.", 0),
    Relation(13, "task", ("Task", "Version"), "{Task} is a task, at {Version}.", 0),
    Relation(14, "change", ("Change",), "{Change} is a change.", 0),
    Relation(15, "evidence", ("Evidence",), "{Evidence} is evidence.", 0),
    Relation(16, "metric", ("Metric",), "{Metric} is a success metric.", 0),
    Relation(17, "question", ("Question",), "{Question} is a question.", 0),
    Relation(20, "criteria", ("Requirement", "Criteria"), "{Requirement} has {Criteria} acceptance criteria.", 0),
    Relation(21, "blocking", ("Question",), "{Question} is marked as blocking.", 0),
    Relation(22, "answered", ("Question",), "{Question} has an answer.", 0),
    Relation(23, "free", ("Requirement",), "{Requirement} is worded in no EARS pattern.", 0),
    # Links of the chain from requirement to evidence, with the version of the target that they were made for.
    Relation(
        30,
        "component_satisfies",
        ("Component", "Requirement", "Stamp"),
        "{Component} satisfies {Requirement} as of {Stamp}.",
        1,
    ),
    Relation(
        31,
        "contract_satisfies",
        ("Contract", "Requirement", "Stamp"),
        "{Contract} satisfies {Requirement} as of {Stamp}.",
        1,
    ),
    Relation(32, "specifies", ("Task", "Contract", "Stamp"), "{Task} specifies {Contract} as of {Stamp}.", 1),
    Relation(33, "implements", ("Change", "Task", "Stamp"), "{Change} implements {Task} as of {Stamp}.", 1),
    Relation(
        34,
        "implements_requirement",
        ("Change", "Requirement", "Stamp"),
        "{Change} implements {Requirement} as of {Stamp}.",
        1,
    ),
    Relation(
        35,
        "verifies",
        ("Evidence", "Requirement", "Stamp"),
        "{Evidence} verifies {Requirement} as of {Stamp}.",
        1,
    ),
    # Every other link, and the versions that those rest on.
    Relation(
        36,
        "rests_on",
        ("Element", "Phase", "Basis", "Stamp"),
        "{Element} ({Phase}) rests on {Basis} as of {Stamp}.",
        2,
    ),
    Relation(37, "stands", ("Basis", "Version"), "{Basis} stands at {Version}.", 0),
    # What evidence showed.
    Relation(
        40,
        "result",
        ("Requirement", "Evidence", "Outcome", "Trust", "Repository", "Commit", "Clean"),
        "{Evidence} says of {Requirement}: {Outcome}, with trust {Trust}, at {Commit} of {Repository}, {Clean}.",
        0,
    ),
    # Where requirements are tested that stood otherwise in the last build.
    Relation(42, "stood", ("Requirement", "Version"), "In the last build {Requirement} stood at {Version}.", 0),
    Relation(43, "tested_in", ("Requirement", "File"), "{Requirement} is tested in {File}.", 0),
    Relation(44, "unplaced", ("Requirement",), "A test of {Requirement} lies in a file that nobody knows.", 0),
    Relation(
        45,
        "listed",
        ("Requirement", "File", "Content"),
        "The implementation lists {File}, where {Requirement} is tested, as {Content}.",
        0,
    ),
    Relation(
        46,
        "listed_before",
        ("Requirement", "File", "Content"),
        "The last build listed {File}, where {Requirement} is tested, as {Content}.",
        0,
    ),
    # What a run came to as a whole.
    Relation(47, "shown", ("Evidence", "Outcome"), "{Evidence} is of a run in which something {Outcome}.", 0),
    Relation(48, "fails", ("Evidence", "Requirement"), "{Evidence} shows that {Requirement} failed.", 0),
    Relation(
        49,
        "measurement",
        ("Metric", "Evidence", "Outcome", "Trust", "Repository", "Commit", "Clean"),
        "{Evidence} measures {Metric}: {Outcome}, with trust {Trust}, at {Commit} of {Repository}, {Clean}.",
        0,
    ),
    Relation(
        53,
        "unlisted",
        ("Requirement", "Evidence", "Outcome", "Trust"),
        "{Evidence}, which the validation does not list, says of {Requirement} at a head commit: {Outcome}, with trust {Trust}.",
        0,
    ),
    Relation(54, "outcome", ("Metric", "Element", "Met"), "{Element} says that {Metric} is {Met}.", 0),
    # For the rules that look across slices.
    Relation(50, "link", ("Element", "Phase", "Basis", "Stamp"), "{Element} ({Phase}) rests on {Basis} as of {Stamp}."),
    Relation(51, "depends_on", ("Element", "Basis"), "{Element} depends on {Basis}."),
    Relation(52, "asked", ("Element",), "Dependencies are followed from {Element} on."),
)

RELATION: Mapping[str, Relation] = {relation.name: relation for relation in RELATIONS}

ELEMENT_RELATIONS: Mapping[ElementKind, str] = {
    ElementKind.REQUIREMENT: "requirement",
    ElementKind.COMPONENT: "component",
    ElementKind.CONTRACT: "contract",
    ElementKind.TASK: "task",
    ElementKind.CHANGE: "change",
    ElementKind.EVIDENCE: "evidence",
    ElementKind.METRIC: "metric",
    ElementKind.QUESTION: "question",
}
"""Kinds that rules speak of. Elements of other kinds are facts only where a link rests on them."""

VERSIONED = frozenset({ElementKind.REQUIREMENT, ElementKind.CONTRACT, ElementKind.TASK})
"""Kinds that links of the chain rest on."""

LINK_RELATIONS: Mapping[tuple[ElementKind | None, LinkKind, ElementKind | None], str] = {
    (ElementKind.COMPONENT, LinkKind.SATISFIES, ElementKind.REQUIREMENT): "component_satisfies",
    (ElementKind.CONTRACT, LinkKind.SATISFIES, ElementKind.REQUIREMENT): "contract_satisfies",
    (ElementKind.TASK, LinkKind.SPECIFIES, ElementKind.CONTRACT): "specifies",
    (ElementKind.CHANGE, LinkKind.IMPLEMENTS, ElementKind.TASK): "implements",
    (ElementKind.CHANGE, LinkKind.IMPLEMENTS, ElementKind.REQUIREMENT): "implements_requirement",
    (ElementKind.EVIDENCE, LinkKind.VERIFIES, ElementKind.REQUIREMENT): "verifies",
}
"""Links of the chain, by the kinds of their ends; any other link is a row of `rests_on`."""

PHASE_CODES: Mapping[Phase, int] = {phase: number for number, phase in enumerate(PHASES, start=1)}
TRUST_CODES: Mapping[Trust, int] = {trust: number for number, trust in enumerate(TRUST_ORDER, start=1)}
OUTCOME_CODES: Mapping[str, int] = {"passed": 1, "failed": 2, "skipped": 3, "not_run": 4}
