"""JUnit XML, read as what it is: a file from outside. No entities, no document type, bounded; outcomes by requirement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vdw.artifacts.evidence import MAX_CASES_SHOWN, Outcome, RequirementResult
from vdw.errors import ErrorCode, VdwError, invalid

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_REPORT_BYTES = 20 * 1024 * 1024
MAX_CASES = 100_000
MAX_DEPTH = 20
MAX_NAME_CHARACTERS = 200

_REQUIREMENT = re.compile(r"(?<![a-z0-9])req[-_]?([0-9]{3,6})(?![0-9])", re.IGNORECASE)
_PROPERTY_NAMES = frozenset({"requirement", "requirements", "req", "verifies"})


@dataclass(frozen=True, slots=True)
class JUnitReport:
    """Counts over all cases, and what each named requirement came to. A case that did not run counts as skipped."""

    tests: int
    failures: int
    skipped: int
    results: tuple[RequirementResult, ...]

    @property
    def executed(self) -> int:
        return self.tests - self.skipped


def read_junit(report: str) -> JUnitReport:
    """Raises `VdwError`: too_large beyond the bounds; invalid_input for anything but JUnit XML with at least one case."""
    from defusedxml.ElementTree import fromstring

    raw = report.encode("utf-8", "surrogatepass")
    if len(raw) > MAX_REPORT_BYTES:
        raise VdwError(
            ErrorCode.TOO_LARGE, f"The report has more than {MAX_REPORT_BYTES} bytes.", "Split the test run."
        )
    if not report.strip():
        raise invalid("report", "is empty; the command wrote no JUnit XML")
    try:
        root: Element = fromstring(raw, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except (SyntaxError, ValueError):
        # defusedxml raises ValueErrors for what it forbids, the parser SyntaxErrors for what is no XML.
        raise invalid("report", "is not plain JUnit XML (a document type and entities are refused)") from None
    if root.tag not in ("testsuites", "testsuite"):
        raise invalid("report", "does not begin with testsuites or testsuite, so it is not JUnit XML")
    cases = list(_cases(root, 0))
    if not cases:
        raise invalid("report", "has no test case; a run without a test verifies nothing")
    outcomes = [_outcome(case) for case in cases]
    named: dict[str, list[tuple[str, Outcome]]] = {}
    for case, outcome in zip(cases, outcomes, strict=True):
        for requirement in _requirements(case):
            named.setdefault(requirement, []).append((_name(case), outcome))
    return JUnitReport(
        tests=len(cases),
        failures=outcomes.count(Outcome.FAILED),
        skipped=outcomes.count(Outcome.SKIPPED),
        results=tuple(_result(requirement, found) for requirement, found in sorted(named.items())),
    )


def _cases(node: Element, depth: int) -> Iterator[Element]:
    if depth > MAX_DEPTH:
        raise invalid("report", f"nests suites deeper than {MAX_DEPTH} levels")
    count = 0
    for child in node:
        if child.tag == "testcase":
            count += 1
            if count > MAX_CASES:
                raise VdwError(
                    ErrorCode.TOO_LARGE, f"The report has more than {MAX_CASES} cases.", "Split the test run."
                )
            yield child
        elif child.tag == "testsuite":
            yield from _cases(child, depth + 1)


def _outcome(case: Element) -> Outcome:
    tags = {child.tag for child in case}
    if tags & {"failure", "error"}:
        return Outcome.FAILED
    not_run = case.get("status", "").lower() in ("notrun", "not_run", "disabled", "skipped")
    return Outcome.SKIPPED if "skipped" in tags or not_run else Outcome.PASSED


def _requirements(case: Element) -> set[str]:
    texts = [case.get("name", ""), case.get("classname", "")]
    texts += [
        node.get("value") or node.text or ""
        for node in case.iter("property")
        if node.get("name", "").lower() in _PROPERTY_NAMES
    ]
    return {f"REQ-{match}" for text in texts for match in _REQUIREMENT.findall(text)}


def _name(case: Element) -> str:
    name = ".".join(part for part in (case.get("classname", ""), case.get("name", "")) if part)
    return name.encode("utf-8", "replace").decode()[:MAX_NAME_CHARACTERS]


def _result(requirement: str, found: list[tuple[str, Outcome]]) -> RequirementResult:
    """Failed if any failed; passed if one passed; else skipped."""
    outcomes = {outcome for _, outcome in found}
    for outcome in (Outcome.FAILED, Outcome.PASSED, Outcome.SKIPPED):
        if outcome in outcomes:
            return RequirementResult(requirement, outcome, tuple(name for name, _ in found[:MAX_CASES_SHOWN]))
    raise ValueError("a requirement without a case has no result")
