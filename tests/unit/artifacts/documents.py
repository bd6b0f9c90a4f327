"""Aids of the artifact tests: whole documents that are right, and revisions made from them with salts that count up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import cast

import pytest

from vdw.artifacts.evidence import EvidenceRecord, Outcome, RequirementResult, evidence_content
from vdw.artifacts.examples import example_of
from vdw.artifacts.parts import PartLink, split
from vdw.artifacts.reading import read_artifact
from vdw.artifacts.revise import Before, Heading, Revised, revise
from vdw.artifacts.revision import Revision
from vdw.domain.canonical import Digest, JsonObject, JsonValue, digest_of
from vdw.domain.fields import items, mapping
from vdw.domain.ids import ElementId, PersonId, ProjectId, TenantId
from vdw.domain.manifest import Element
from vdw.domain.stages import Lane, Phase
from vdw.domain.trust_level import Trust
from vdw.errors import ErrorCode, VdwError

COMMIT = "a" * 40


def whole(phase: Phase, **fields: JsonValue) -> JsonObject:
    """The published example with these fields, as it is read."""
    return read_artifact(phase, {**example_of(phase), **fields}, Lane.FULL)


def requirement(number: int = 1, **fields: JsonValue) -> JsonObject:
    ident = f"REQ-{number:03}"
    item: JsonObject = {"id": ident, "statement": f"The system shall keep list {number}.", "pattern": "ubiquitous"}
    return {**item, **fields}


def mood(*requirements: JsonObject, **fields: JsonValue) -> JsonObject:
    """What an agent sends: a mood with these requirements only."""
    return {"schema": "vdw.mood/1", "requirements": list[JsonValue](requirements), **fields}


def component(number: int = 1, *satisfies: str) -> JsonObject:
    return {"id": f"CMP-{number:03}", "name": f"part {number}", "responsibility": "Keeps.", "satisfies": [*satisfies]}


def architecture(*components: JsonObject) -> JsonObject:
    return {"schema": "vdw.architecture/1", "components": list[JsonValue](components)}


def record(*results: RequirementResult, trust: Trust = Trust.RUN, dirty: bool = False) -> EvidenceRecord:
    return EvidenceRecord(
        kind="test_run",
        verifies=results or (RequirementResult("REQ-001", Outcome.PASSED, ("test_req_001",)),),
        outcome=Outcome.PASSED,
        trust=trust,
        produced_by="prn_1",
        repository="demo",
        commit=COMMIT,
        dirty=dirty,
        command="pytest",
        exit_code=0,
        started_at="2026-11-24T12:00:00Z",
        ended_at="2026-11-24T12:00:05Z",
        measured_at="2026-11-24T12:00:06Z",
        report="0" * 64,
        tests=1,
        failures=0,
        skipped=0,
    )


@dataclass(slots=True)
class Bench:
    """Makes one revision of a phase after another, as the service does."""

    phase: Phase = Phase.MOOD
    outside: Mapping[str, Digest] = field(default_factory=dict)
    current: Revised | None = None
    approved: Revised | None = None
    evidence: Mapping[str, EvidenceRecord] = field(default_factory=dict)
    _salts: count[int] = field(default_factory=lambda: count(1))

    def submit(self, draft: JsonObject, *, stamped: frozenset[str] | None = None) -> Revised:
        """The next revision. `stamped` as for `revise`."""
        document = read_artifact(self.phase, draft, Lane.FULL)
        records = {name: evidence_content(found) for name, found in self.evidence.items()}
        known: dict[str, tuple[Element, ...]] = {}
        for revision in (self.current, self.approved):
            for element in revision.elements if revision else ():
                known[element.id] = (*known.get(element.id, ()), element)
        stamps = {
            PartLink(link.source, link.kind, link.target): link.stamp
            for link in (self.current.manifest.links if self.current else ())
        }
        heading = Heading(TenantId("ten_1"), ProjectId("prj_1"), 1, 1, Lane.FULL, (PersonId("per_1"),))
        before = Before(known, {ElementId(name): made for name, made in self.outside.items()}, stamps)
        parts = split(self.phase, document, records)
        self.current = revise(parts, heading, before, lambda: f"{next(self._salts):032x}", stamped=stamped)
        return self.current


def seen(revised: Revised, *, erased: str = "") -> Revision:
    """As it is read back, without the bytes of one element if it is named."""
    elements: dict[str, Element] = {element.id: element for element in revised.elements if element.id != erased}
    return Revision(revised.manifest.digest(), revised.manifest, elements)


def digest(name: str) -> Digest:
    """A digest to stand for an element of another phase."""
    return digest_of({"stands for": name})


def digests(revised: Revised) -> dict[str, str]:
    return {ref.id: ref.digest for ref in revised.manifest.elements}


def faults(caught: pytest.ExceptionInfo[VdwError]) -> list[JsonObject]:
    """What a refusal lists. Every one has a path and a rule."""
    assert caught.value.code is ErrorCode.INVALID_INPUT
    return [mapping(fault) for fault in items(cast("JsonValue", caught.value.details["faults"]))]


def paths(caught: pytest.ExceptionInfo[VdwError]) -> list[JsonValue]:
    return [fault["path"] for fault in faults(caught)]


def refusal_of(call: Callable[[], object]) -> VdwError | None:
    """What the call was refused with; None where it was not."""
    try:
        call()
    except VdwError as error:
        return error
    return None
