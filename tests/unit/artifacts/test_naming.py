"""How tests name requirements, and which of the names count for one project."""

from __future__ import annotations

import pytest

from vdw.artifacts.evidence import MAX_CASES_SHOWN, Outcome, RequirementResult
from vdw.artifacts.naming import MAX_BEFORE_CHARACTERS, NamedResult, counted_for, names_in

PANTRY, CELLAR = "pantry", "cellar"
SLUGS = {PANTRY, CELLAR}
PASSED, FAILED, SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED


@pytest.mark.parametrize(
    ("words", "before"),
    [
        ("pantry/REQ-001 lists items", "pantry"),
        ("Pantry/req_001", "pantry"),
        ("test_list[pantry/req001]", "pantry"),
        ("(my-pantry-2/REQ-001)", "my-pantry-2"),
        ("prj_01ab/REQ-001", "prj_01ab"),
        ("tests/pantry/req_001.test.ts", ""),
        ("../pantry/req_001", ""),
        ("example.org/REQ-001", ""),
        ("pantry//REQ-001", ""),
        ("pantry / REQ-001", ""),
        ("pantry-REQ-001", ""),
        (f"{'x' * (MAX_BEFORE_CHARACTERS + 1)}/REQ-001", ""),
        ("größe/REQ-001", ""),
    ],
)
def test_a_slug_stands_whole_before_one_slash(words: str, before: str) -> None:
    assert names_in(words) == {(before, "REQ-001")}


@pytest.mark.parametrize("words", ["pantry/REQ-01", "pantry/REQ-0000001", "pantry/REQ--001", "pantry/request_001"])
def test_what_is_no_id_is_none_behind_a_slug_either(words: str) -> None:
    assert names_in(words) == set()


@pytest.mark.parametrize(
    "words",
    [
        "TestREQ001_Boils",
        "TestReq_001",
        "testReq001()",
        "req001BoilsWater",
        "testREQ001BoilsWater",
        "x.KettleTest.testReq001",
    ],
)
def test_names_in_camel_case_have_borders_too(words: str) -> None:
    assert names_in(words) == {("", "REQ-001")}


@pytest.mark.parametrize(
    "words", ["PREREQ001", "REQ0011x", "REQ001x", "latestReq001", "testreq001", "REQ001X", "reQ0X1"]
)
def test_a_border_is_a_test_prefix_before_and_a_word_behind(words: str) -> None:
    assert names_in(words) == set()


def test_several_ids_are_named_side_by_side() -> None:
    assert names_in("pantry/REQ-001, cellar/REQ-001, REQ-002") == {
        ("pantry", "REQ-001"),
        ("cellar", "REQ-001"),
        ("", "REQ-002"),
    }


def test_a_long_word_without_an_end_is_read_in_time_that_its_length_bounds() -> None:
    assert names_in("a-" * 500_000) == set()


def counted(*named: NamedResult, shared: bool) -> tuple[dict[str, Outcome], tuple[str, ...]]:
    found = counted_for(named, PANTRY, SLUGS, shared=shared)
    return {result.requirement: result.outcome for result in found.results}, found.uncounted


@pytest.mark.parametrize("shared", [False, True])
def test_an_id_behind_a_slug_counts_for_that_project_alone(shared: bool) -> None:
    named = [NamedResult(PANTRY, "REQ-001", PASSED), NamedResult(CELLAR, "REQ-002", PASSED)]

    assert counted(*named, shared=shared) == ({"REQ-001": PASSED}, ())


def test_an_id_alone_counts_in_a_repository_of_one_project() -> None:
    assert counted(NamedResult("", "REQ-001", PASSED), shared=False) == ({"REQ-001": PASSED}, ())


def test_an_id_alone_counts_for_nobody_in_a_shared_repository_and_is_said() -> None:
    assert counted(NamedResult("", "REQ-001", PASSED), shared=True) == ({}, ("REQ-001",))


@pytest.mark.parametrize("shared", [False, True])
def test_a_word_that_is_no_slug_says_nothing(shared: bool) -> None:
    folder, alone = NamedResult("spec", "REQ-001", PASSED), NamedResult("", "REQ-001", PASSED)

    assert counted(folder, shared=shared) == counted(alone, shared=shared)


def test_what_both_names_say_of_a_requirement_is_put_together() -> None:
    named = [NamedResult("", "REQ-001", PASSED), NamedResult(PANTRY, "REQ-001", FAILED)]

    assert counted(*named, shared=False) == ({"REQ-001": FAILED}, ())
    assert counted(*named, shared=True) == ({"REQ-001": FAILED}, ())
    assert counted(NamedResult("", "REQ-001", SKIPPED), NamedResult(PANTRY, "REQ-001", PASSED), shared=False) == (
        {"REQ-001": PASSED},
        (),
    )


def test_every_place_is_kept_of_both() -> None:
    named = [
        NamedResult("", "REQ-001", PASSED, places=("tests/b.py", "tests/c.py")),
        NamedResult(PANTRY, "REQ-001", PASSED, places=("tests/a.py", "tests/b.py")),
    ]

    places = counted_for(named, PANTRY, SLUGS, shared=False).results[0].places
    assert places == ("tests/a.py", "tests/b.py", "tests/c.py")


def test_few_cases_are_kept_of_both() -> None:
    many = tuple(f"case {number}" for number in range(MAX_CASES_SHOWN))
    named = [NamedResult("", "REQ-001", PASSED, ("first",)), NamedResult(PANTRY, "REQ-001", PASSED, many)]

    assert counted_for(named, PANTRY, SLUGS, shared=False).results == (
        RequirementResult("REQ-001", PASSED, ("first", *many)[:MAX_CASES_SHOWN]),
    )
