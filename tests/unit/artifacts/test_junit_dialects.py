"""Whole reports as the tools write them, each in its own words for passed, failed and not run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.artifacts.test_junit import case, outcomes, suite
from vdw.artifacts.evidence import Outcome
from vdw.artifacts.junit import read_junit

REPORTS = Path(__file__).with_name("reports")
LETTERS = {"P": Outcome.PASSED, "F": Outcome.FAILED, "S": Outcome.SKIPPED}
EXPECTED = {
    "behave": "PFSS",
    "ctest": "PFSS",
    "go-junit-report": "PFS",
    "gotestsum": "PS",
    "gtest": "PPFSS",
    "jest-junit": "PFS",
    "mocha": "PFS",
    "nunit-xslt": "PFSSS",
    "phpunit": "PFSSS",
    "pytest": "PPFSSF",
    "surefire": "PSFSF",
}
"""What REQ-001, REQ-002 and so on come to."""


def test_every_report_is_read() -> None:
    assert sorted(path.stem for path in REPORTS.iterdir()) == sorted(EXPECTED)


@pytest.mark.parametrize(("tool", "letters"), EXPECTED.items())
def test_a_case_passed_only_where_its_report_says_so(tool: str, letters: str) -> None:
    report = read_junit((REPORTS / f"{tool}.xml").read_text("utf-8"))

    assert outcomes(report) == {f"REQ-{number:03}": LETTERS[letter] for number, letter in enumerate(letters, 1)}
    assert report.failed is ("F" in letters)


@pytest.mark.parametrize("attribute", ["status", "result"])
@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("Passed", Outcome.PASSED),
        (" run ", Outcome.PASSED),
        ("", Outcome.PASSED),
        ("FAILED", Outcome.FAILED),
        ("error", Outcome.FAILED),
        ("no such word", Outcome.SKIPPED),
    ],
)
def test_a_case_did_not_pass_by_a_word_that_nobody_knows(attribute: str, word: str, outcome: Outcome) -> None:
    report = read_junit(suite(case("test_req_001", **{attribute: word})))

    assert outcomes(report) == {"REQ-001": outcome}


def test_a_word_for_failed_goes_before_one_for_passed() -> None:
    report = read_junit(suite(case("test_req_001", status="run", result="failed")))

    assert outcomes(report) == {"REQ-001": Outcome.FAILED}


@pytest.mark.parametrize("inside", ["<warning/>", "<Failure/>", "<flakyError/>", "<testcase name='test_req_002'/>"])
def test_a_case_did_not_pass_by_what_nobody_knows_inside_it(inside: str) -> None:
    assert outcomes(read_junit(suite(case("test_req_001", inside)))) == {"REQ-001": Outcome.SKIPPED}


def test_a_case_passed_that_links_to_where_its_run_is_shown() -> None:
    inside = "<webLink>https://console.firebase.google.com/project/x</webLink>"

    assert outcomes(read_junit(suite(case("test_req_001", inside)))) == {"REQ-001": Outcome.PASSED}


@pytest.mark.parametrize(
    "text",
    [
        f"<testsuite>{case('test_req_001')}<error message='teardown'/></testsuite>",
        f"<testsuites><failure/><testsuite>{case('test_req_001')}</testsuite></testsuites>",
        f"<testsuite errors='1'>{case('test_req_001')}</testsuite>",
        f"<testsuites failures='10'><testsuite failures='0'>{case('test_req_001')}</testsuite></testsuites>",
        f"<testsuite failures='some'>{case('test_req_001')}</testsuite>",
    ],
)
def test_a_run_failed_where_a_suite_says_so_and_no_case_does(text: str) -> None:
    report = read_junit(text)

    assert (report.failed, report.failures) == (True, 0)


@pytest.mark.parametrize("told", ["", "0", "00", " 0 "])
def test_a_suite_that_tells_of_no_failure_has_none(told: str) -> None:
    assert not read_junit(f"<testsuite errors='{told}' failures='{told}'>{case('a')}</testsuite>").failed
