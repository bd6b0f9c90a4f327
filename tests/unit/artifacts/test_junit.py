"""JUnit XML from outside: what it says of requirements, and everything that it is refused for."""

from __future__ import annotations

import pytest

from vdw.artifacts import junit
from vdw.artifacts.evidence import MAX_CASES_SHOWN, Outcome
from vdw.artifacts.junit import MAX_NAME_CHARACTERS, JUnitReport, read_junit
from vdw.artifacts.places import NOWHERE
from vdw.domain.canonical import MAX_DOCUMENT_BYTES, canonical_bytes
from vdw.errors import ErrorCode, VdwError


def suite(*cases: str) -> str:
    return f'<testsuites><testsuite name="all">{"".join(cases)}</testsuite></testsuites>'


def case(name: str, inside: str = "", **attributes: str) -> str:
    further = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<testcase name="{name}"{further}>{inside}</testcase>'


def outcomes(report: JUnitReport) -> dict[str, Outcome]:
    return {result.requirement: result.outcome for result in report.results}


def refusal(text: str) -> VdwError:
    with pytest.raises(VdwError) as caught:
        read_junit(text)
    return caught.value


NAMING = [
    "test_req_001",
    "test_req_001_lists_items",
    "REQ-001 lists items",
    "lists items (Req001)",
    "test_list[REQ-001-two items]",
    "a.b.req-001.c",
    "spec/req_001",
]


@pytest.mark.parametrize("name", NAMING)
def test_a_case_names_a_requirement_in_its_name(name: str) -> None:
    assert outcomes(read_junit(suite(case(name)))) == {"REQ-001": Outcome.PASSED}


@pytest.mark.parametrize("name", NAMING)
def test_a_case_names_a_requirement_in_its_class(name: str) -> None:
    assert outcomes(read_junit(suite(case("test", classname=name)))) == {"REQ-001": Outcome.PASSED}


@pytest.mark.parametrize("name", ["test_request_001", "test_req_01", "test_req_0000001", "prereq001", "req001x", "٣"])
def test_a_word_that_is_no_id_names_nothing(name: str) -> None:
    assert outcomes(read_junit(suite(case(name)))) == {}


@pytest.mark.parametrize(
    "named",
    [
        case("pantry/REQ-001"),
        case("test", classname="pantry/REQ-001"),
        case("test", '<properties><property name="requirement" value="pantry/REQ-001"/></properties>'),
        case("test", '<properties><property name="marker">pantry/req_001</property></properties>'),
    ],
    ids=["name", "class", "property", "marker"],
)
def test_a_case_names_a_requirement_behind_the_slug_of_its_project(named: str) -> None:
    report = read_junit(suite(named, case("cellar/REQ-001", "<failure/>")))

    assert [(result.before, result.requirement, result.outcome) for result in report.results] == [
        ("cellar", "REQ-001", Outcome.FAILED),
        ("pantry", "REQ-001", Outcome.PASSED),
    ]


@pytest.mark.parametrize(
    "inside",
    [
        '<properties><property name="requirement" value="REQ-001"/></properties>',
        '<properties><property name="Requirements" value="REQ-001, REQ-001"/></properties>',
        '<properties><property name="verifies">REQ-001</property></properties>',
        '<properties><property name="marker" value="req_001"/></properties>',
    ],
)
def test_a_case_names_a_requirement_in_a_property(inside: str) -> None:
    assert outcomes(read_junit(suite(case("test", inside)))) == {"REQ-001": Outcome.PASSED}


def test_output_of_a_case_names_nothing() -> None:
    inside = '<system-out>REQ-001</system-out><properties><property name="note" value="REQ-002"/></properties>'

    assert outcomes(read_junit(suite(case("test", inside)))) == {}


@pytest.mark.parametrize(
    ("attributes", "place"),
    [
        ({"file": "tests/test_pantry.py", "classname": "tests.test_pantry"}, "tests/test_pantry.py"),
        ({"file": ".\\tests\\pantry.cs"}, "tests/pantry.cs"),
        ({"classname": "tests.test_pantry.TestList"}, "tests.test_pantry.TestList"),
        ({"classname": "tests/pantry.test.ts"}, "tests/pantry.test.ts"),
        ({}, NOWHERE),
        ({"file": "x" * (MAX_NAME_CHARACTERS + 1)}, NOWHERE),
    ],
)
def test_a_case_lies_where_its_file_says_else_its_class(attributes: dict[str, str], place: str) -> None:
    report = read_junit(suite(case("test_req_001", **attributes)))

    assert report.results[0].places == (place,)


def test_every_place_of_a_requirement_is_kept_once() -> None:
    cases = [case(f"test_req_001[{number}]", file=f"tests/test_{number % 3}.py") for number in range(60)]

    assert read_junit(suite(*cases)).results[0].places == ("tests/test_0.py", "tests/test_1.py", "tests/test_2.py")


def test_places_beyond_what_a_record_holds_are_said_to_be_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(junit, "MAX_PLACES_BYTES", 9)
    cases = [case(f"test_req_001[{file}]", file=file) for file in ("a/b.py", "c/d.py", "a/b.py")]

    assert read_junit(suite(*cases)).results[0].places == (NOWHERE, "a/b.py")


P, F, E, S = "", "<failure>no</failure>", "<error/>", "<skipped/>"


@pytest.mark.parametrize(
    ("insides", "outcome"),
    [
        ((P,), Outcome.PASSED),
        ((P, S), Outcome.PASSED),
        ((P, F), Outcome.FAILED),
        ((E, P), Outcome.FAILED),
        ((S, F), Outcome.FAILED),
        ((S, S), Outcome.SKIPPED),
        ((F + S,), Outcome.FAILED),
    ],
)
def test_a_requirement_comes_to_what_all_its_cases_come_to(insides: tuple[str, ...], outcome: Outcome) -> None:
    report = read_junit(suite(*(case(f"test_req_001[{number}]", inside) for number, inside in enumerate(insides))))

    assert outcomes(report) == {"REQ-001": outcome}


@pytest.mark.parametrize("status", ["notrun", "NOT_RUN", "disabled", "skipped"])
def test_a_case_that_did_not_run_counts_as_skipped(status: str) -> None:
    report = read_junit(suite(case("test_req_001", status=status)))

    assert outcomes(report) == {"REQ-001": Outcome.SKIPPED}
    assert (report.tests, report.skipped, report.executed) == (1, 1, 0)


def test_cases_of_nested_suites_are_counted_once() -> None:
    inner = f'<testsuite name="inner">{case("test_req_001", F)}{case("b", S)}</testsuite>'

    report = read_junit(suite(case("a"), inner, case("c", E)))

    assert (report.tests, report.failures, report.skipped, report.executed) == (4, 2, 1, 3)


def test_a_failure_is_only_what_stands_in_the_case_itself() -> None:
    inside = "<properties><property name='x'><failure/></property></properties>"

    assert read_junit(suite(case("test_req_001", inside))).failures == 0


def test_the_counts_that_a_suite_claims_are_not_believed() -> None:
    text = f'<testsuite tests="99" failures="0" errors="0">{case("test_req_001", F)}</testsuite>'

    assert (read_junit(text).tests, read_junit(text).failures) == (1, 1)


def test_few_names_of_cases_are_kept_and_long_ones_are_cut() -> None:
    report = read_junit(suite(*(case(f"test_req_001[{'x' * 500}]") for _ in range(MAX_CASES_SHOWN + 5))))

    assert [len(name) for name in report.results[0].cases] == [MAX_NAME_CHARACTERS] * MAX_CASES_SHOWN


def test_a_record_stays_below_the_size_of_a_document() -> None:
    names = [f"{'é' * 150} req_{number % 2000 + 1000}" for number in range(40_000)]

    report = read_junit(suite(*(case(name, file=f"{'é' * 30}/{place}") for place, name in enumerate(names))))

    body = canonical_bytes([[each.requirement, list(each.cases), list(each.places)] for each in report.results])
    assert len(report.results) == 2000
    assert len(body) < MAX_DOCUMENT_BYTES / 2


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + level)} '{f'&{chr(97 + level)};' * 10}'>" for level in range(9)
)
NO_REPORT = {
    "empty": "",
    "blanks": " \n",
    "no XML": "3 passed in 0.1 s",
    "cut off": "<testsuite><testcase name='a'>",
    "something after": suite(case("a")) + "x",
    "other XML": "<html><testsuite><testcase name='test_req_001'/></testsuite></html>",
    "no case": suite(),
    "a case outside any suite": "<testcase name='test_req_001'/>",
    "a case in something else": "<testsuite><properties><testcase name='test_req_001'/></properties></testsuite>",
    "billion laughs": f"{LAUGHS}]><testsuite><testcase name='&j;'/></testsuite>",
    "an entity": "<!DOCTYPE x [<!ENTITY a 'ha'>]><testsuite><testcase name='&a;'/></testsuite>",
    "an unknown entity": "<testsuite><testcase name='&a;'/></testsuite>",
    "a file": "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><testsuite><testcase>&a;</testcase></testsuite>",
    "a document type": "<!DOCTYPE testsuite SYSTEM 'http://localhost/x.dtd'><testsuite><testcase name='a'/></testsuite>",
    "a lone surrogate": suite(case("test_req_001 \ud800")),
    "a control character": suite(case("test_req_001 \x00")),
    "deep": "<testsuite>" * 100_000,
    "deep suites": "<testsuite>" * 30 + case("a") + "</testsuite>" * 30,
}


@pytest.mark.parametrize("text", NO_REPORT.values(), ids=NO_REPORT.keys())
def test_what_is_no_plain_report_is_refused(text: str) -> None:
    error = refusal(text)

    assert error.code is ErrorCode.INVALID_INPUT
    assert error.details["path"] == "report"
    assert len(error.public) < 200


def test_a_declared_encoding_is_not_believed() -> None:
    for encoding in ("utf-16", "latin-1", "no-such"):
        report = read_junit(f'<?xml version="1.0" encoding="{encoding}"?>{suite(case("grün req_001"))}')
        assert report.results[0].cases == ("grün req_001",)


def test_a_huge_report_is_refused_before_it_is_parsed() -> None:
    assert refusal("é" * (junit.MAX_REPORT_BYTES // 2 + 1)).code is ErrorCode.TOO_LARGE
    assert refusal("x" * (junit.MAX_REPORT_BYTES + 1)).code is ErrorCode.TOO_LARGE


def test_cases_are_bounded_over_all_suites(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(junit, "MAX_CASES", 3)
    half = f"<testsuite>{case('a')}{case('b')}</testsuite>"

    assert read_junit(suite(half)).tests == 2
    assert refusal(suite(half, half)).code is ErrorCode.TOO_LARGE


def test_requirements_of_a_report_are_bounded() -> None:
    names = " ".join(f"REQ-{number:06}" for number in range(junit.MAX_REQUIREMENTS + 1))

    assert refusal(suite(case(names))).code is ErrorCode.TOO_LARGE
