"""Where cases lie: a file that the report names is known, a class only where a listed file fits it."""

from __future__ import annotations

import pytest

from vdw.artifacts.places import NOWHERE, files_of

LISTED = ["tests/test_pantry.py", "src/test/java/org/acme/PantryTest.java", "tests/pantry.test.ts", "src/pantry.py"]
PYTHON, JAVA, SCRIPT, _ = LISTED


@pytest.mark.parametrize(
    ("place", "file"),
    [
        ("tests/test_pantry.py", PYTHON),
        ("/home/ci/pantry/tests/test_pantry.py", PYTHON),
        ("test_pantry.py", PYTHON),
        ("tests.test_pantry", PYTHON),
        ("tests.test_pantry.TestList", PYTHON),
        ("tests.test_pantry.TestList.TestInner", PYTHON),
        ("test_pantry.TestList", PYTHON),
        ("backend.tests.test_pantry", PYTHON),
        ("org.acme.PantryTest", JAVA),
        ("org.acme.PantryTest$Inner", JAVA),
        ("tests/pantry.test.ts", SCRIPT),
    ],
)
def test_a_listed_file_that_fits_is_the_cases(place: str, file: str) -> None:
    assert files_of(place, LISTED) == (file,)


def test_a_file_that_nobody_lists_is_known_by_its_own_path() -> None:
    assert files_of("tests/test_cellar.py", LISTED) == ("tests/test_cellar.py",)


@pytest.mark.parametrize("place", [NOWHERE, "CellarTest", "tests.test_cellar", "tests", "py", "acme.PantryTests"])
def test_a_class_that_fits_no_listed_file_lies_nobody_knows_where(place: str) -> None:
    assert files_of(place, LISTED) == ()


def test_all_files_that_fit_are_named() -> None:
    assert files_of("test_pantry", ["b/test_pantry.py", "a/test_pantry.py"]) == ("a/test_pantry.py", "b/test_pantry.py")
