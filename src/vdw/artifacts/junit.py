"""JUnit XML, read as what it is: a file from outside. No entities, no document type, bounded; outcomes by requirement.

It is read in one pass and only what counts is kept, so that a large or a deep file costs no memory beyond its own text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from vdw.artifacts.evidence import MAX_CASES_SHOWN, Outcome
from vdw.artifacts.naming import NamedResult, names_in, outcome_of
from vdw.artifacts.places import NOWHERE, place_of
from vdw.errors import ErrorCode, VdwError, invalid

MAX_REPORT_BYTES = 20 * 1024 * 1024
"""In bytes; a report of 100,000 cases with their output."""
MAX_CASES = 100_000
MAX_REQUIREMENTS = 5000
"""Requirements that one report may name, with the word before the slash: as many as a project may have."""
MAX_DEPTH = 20
"""Levels of elements; suites nest a few deep."""
MAX_NAME_CHARACTERS = 200
MAX_NAMES_BYTES = 1024 * 1024
"""Names of cases kept over all requirements, in bytes, so that a record stays below the size of a document."""
MAX_PLACES_BYTES = 256 * 1024
"""Places of cases kept over all requirements, in bytes, for the same reason: one of 50 characters for each of 5,000."""

_PROPERTIES = frozenset({"requirement", "requirements", "req", "verifies", "marker", "markers"})
_SUITES = frozenset({"testsuites", "testsuite"})
_FAULTS = frozenset({"failure", "error"})
_BESIDE = frozenset({"system-out", "system-err", "properties", "property", "webLink"})
"""Elements in a case that say nothing of how it went; `webLink` is of Flank. Any other that is no fault says that it
did not simply pass: skipped, or incomplete and warning (PHPUnit), or flakyFailure (Surefire, passed in a later try)."""
_FAULT_COUNTS = ("failures", "errors")
"""Attributes of a suite that count what failed in it."""
_HOW_IT_WENT = ("status", "result")
"""Attributes of a case in which some tools say how it went, with a child or without."""
_PASSED = frozenset({"", "passed", "pass", "success", "successful", "succeeded", "ok", "run", "completed"})
"""What they say of one that passed; `run` and `completed` are of GoogleTest and CTest. Any word that is not here is
not passed."""
_FAILED = frozenset({"failed", "fail", "failure", "error", "errored", "broken"})


@dataclass(frozen=True, slots=True)
class JUnitReport:
    """Counts over all cases, and what each named requirement came to. A case that neither passed nor failed counts as
    skipped. `suite_failed`: a suite says of itself that something failed in it, which need be none of its cases."""

    tests: int
    failures: int
    skipped: int
    results: tuple[NamedResult, ...]
    suite_failed: bool

    @property
    def failed(self) -> bool:
        return self.failures > 0 or self.suite_failed

    @property
    def executed(self) -> int:
        return self.tests - self.skipped


def read_junit(report: str) -> JUnitReport:
    """Raises `VdwError`: too_large beyond the bounds; invalid_input for anything but JUnit XML with at least one
    case."""
    from defusedxml.ElementTree import XMLParser

    # 1. Its size, before it is parsed. The text was decoded already; what encoding it declares is not believed.
    if len(report) > MAX_REPORT_BYTES or len(report.encode("utf-8", "surrogatepass")) > MAX_REPORT_BYTES:
        raise _too_large(f"The report has more than {MAX_REPORT_BYTES} bytes.")
    if not report.strip():
        raise invalid("report", "is empty; the command wrote no JUnit XML")
    # 2. Entities, document types and references outwards are refused as they begin; 3. depth and number are counted.
    cases = _Cases()
    parser = XMLParser(target=cases, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(report)
        parser.close()
    except (SyntaxError, ValueError):
        # defusedxml raises ValueErrors for what it forbids, the parser SyntaxErrors for what is no XML.
        raise invalid("report", "is not plain JUnit XML (a document type and entities are refused)") from None
    # 4. A run without a test verifies nothing.
    if not cases.tests:
        raise invalid("report", "has no test case; a run without a test verifies nothing")
    return cases.report()


@dataclass(slots=True)
class _Case:
    """A test case while it is being read."""

    texts: list[str]
    name: str
    place: str
    failed: bool = False
    skipped: bool = False

    @property
    def outcome(self) -> Outcome:
        return Outcome.FAILED if self.failed else Outcome.SKIPPED if self.skipped else Outcome.PASSED


@dataclass(slots=True)
class _Named:
    """What cases say of one requirement, so far."""

    outcomes: set[Outcome] = field(default_factory=set)
    cases: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)


class _Cases:
    """The parser's target: is told of each element as it begins and ends, and counts."""

    def __init__(self) -> None:
        self.tests = 0
        self._suite_failed = False
        self._counts = dict.fromkeys(Outcome, 0)
        self._named: dict[tuple[str, str], _Named] = {}
        self._room = MAX_NAMES_BYTES
        self._room_for_places = MAX_PLACES_BYTES
        self._open: list[str] = []
        self._case: _Case | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self._open[-1] if self._open else ""
        if not parent and tag not in _SUITES:
            raise invalid("report", "does not begin with testsuites or testsuite, so it is not JUnit XML")
        self._open.append(tag)
        if len(self._open) > MAX_DEPTH:
            raise invalid("report", f"nests deeper than {MAX_DEPTH} levels")
        if self._case is None:
            if tag == "testcase" and parent in _SUITES:
                self._case = self._begin(attributes)
            self._suite_failed |= parent in _SUITES and tag in _FAULTS
            self._suite_failed |= tag in _SUITES and any(
                _is_more_than_none(attributes.get(name, "")) for name in _FAULT_COUNTS
            )
        elif parent == "testcase":
            self._case.failed |= tag in _FAULTS
            self._case.skipped |= tag not in _BESIDE
        if self._case is not None and tag == "property" and attributes.get("name", "").lower() in _PROPERTIES:
            self._case.texts.append(attributes.get("value", ""))

    def data(self, text: str) -> None:
        if self._case is not None and self._open[-1] == "property":
            self._case.texts.append(text)

    def end(self, tag: str) -> None:
        self._open.pop()
        if self._case is not None and tag == "testcase" and self._open[-1] in _SUITES:
            self._finish(self._case)
            self._case = None

    def close(self) -> None:
        """Nothing is left to do; the parser asks for it."""

    def report(self) -> JUnitReport:
        return JUnitReport(
            tests=self.tests,
            failures=self._counts[Outcome.FAILED],
            skipped=self._counts[Outcome.SKIPPED],
            results=tuple(
                NamedResult(*name, outcome_of(named.outcomes), tuple(named.cases), tuple(sorted(named.places)))
                for name, named in sorted(self._named.items())
            ),
            suite_failed=self._suite_failed,
        )

    def _begin(self, attributes: dict[str, str]) -> _Case:
        self.tests += 1
        if self.tests > MAX_CASES:
            raise _too_large(f"The report has more than {MAX_CASES} cases.")
        classname = attributes.get("classname", "")
        texts = [classname, attributes.get("name", "")]
        name = ".".join(part for part in texts if part)[:MAX_NAME_CHARACTERS]
        place = place_of(attributes.get("file", ""), classname)
        said = {attributes.get(each, "").strip().lower() for each in _HOW_IT_WENT}
        return _Case(texts, name, place, failed=bool(said & _FAILED), skipped=not said <= _PASSED)

    def _finish(self, case: _Case) -> None:
        self._counts[case.outcome] += 1
        for name in sorted({name for text in case.texts for name in names_in(text)}):
            named = self._named.setdefault(name, _Named())
            named.outcomes.add(case.outcome)
            size = len(case.name.encode())
            if len(named.cases) < MAX_CASES_SHOWN and size <= self._room:
                self._room -= size
                named.cases.append(case.name)
            self._add_place(named, case.place)
        if len(self._named) > MAX_REQUIREMENTS:
            raise _too_large(f"The report names more than {MAX_REQUIREMENTS} requirements.")

    def _add_place(self, named: _Named, place: str) -> None:
        """A place that is too much counts as one that nobody knows."""
        size = len(place.encode())
        if place in named.places:
            return
        if len(place) > MAX_NAME_CHARACTERS or size > self._room_for_places:
            named.places.add(NOWHERE)
            return
        self._room_for_places -= size
        named.places.add(place)


def _is_more_than_none(told: str) -> bool:
    """Whether a number says more than none; what is no number might."""
    return bool(told.strip().strip("0"))


def _too_large(public: str) -> VdwError:
    return VdwError(ErrorCode.TOO_LARGE, public, "Split the test run.")
