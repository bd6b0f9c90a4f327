"""What the reasoner says: findings and the verdict that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vdw.domain.canonical import Digest, JsonObject
from vdw.domain.stages import Phase


class Severity(StrEnum):
    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Subject:
    """An element (or phase, or metric) that a finding is about, with its digest at the time; '' where it has none."""

    id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Finding:
    """`rule` names the rule file; `reason` is one sentence for a person. `waived_by` names waivers in force for it."""

    rule: str
    severity: Severity
    subjects: tuple[Subject, ...]
    reason: str
    witnesses: tuple[Subject, ...] = ()
    """Whatever else the rule matched, by id: further elements, and the phase whose revision named a repository's
    head."""
    waivable: bool = True
    waived_by: tuple[str, ...] = ()

    @property
    def blocks(self) -> bool:
        return self.severity is Severity.BLOCKING and not self.waived_by

    @property
    def matched(self) -> tuple[Subject, ...]:
        """All that was matched: what a waiver of this finding names, so that it ends when any of it changes."""
        return (*self.subjects, *self.witnesses)

    def key(self) -> str:
        """Names this finding within a verdict: the rule and its subjects."""
        return self.rule + ":" + ",".join(subject.id for subject in self.subjects)

    def as_json(self) -> JsonObject:
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "subjects": [{"id": subject.id, "digest": subject.digest} for subject in self.subjects],
            "reason": self.reason,
            "witnesses": [{"id": subject.id, "digest": subject.digest} for subject in self.witnesses],
            "waivable": self.waivable,
            "waived_by": list(self.waived_by),
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """The reasoner's answer for one gate: a pure function of the facts with this digest and the named rules."""

    gate: Phase
    facts: Digest
    rules: str
    """Version of the rule set: its name and the first 12 characters of its digest."""
    engine: str
    findings: tuple[Finding, ...]

    @property
    def allowed(self) -> bool:
        return not any(finding.blocks for finding in self.findings)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.blocks)

    def as_json(self) -> JsonObject:
        return {
            "schema": "vdw.verdict/1",
            "gate": self.gate.value,
            "facts": self.facts,
            "rules": self.rules,
            "engine": self.engine,
            "allowed": self.allowed,
            "findings": [finding.as_json() for finding in self.findings],
        }
