"""Where test cases lie: which of the files that an implementation lists holds a case, by what the report says of it.

A report names a case's file (`tests/test_pantry.py`), or only its class (`tests.test_pantry.TestList`), or neither.
Nothing is guessed beyond that a class is called after its file, as Python and Java have it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

NOWHERE = ""
"""The place of a case of which the report says neither file nor class."""
MAX_INNER_CLASSES = 3
"""Names that may follow the file's in a class: a class in a class in a file."""


def place_of(file: str, classname: str) -> str:
    """What a report says of where a case lies, with `/` between folders; a class with a slash in it is a file."""
    return (file or classname).strip().replace("\\", "/").removeprefix("./")


def files_of(place: str, listed: Collection[str]) -> tuple[str, ...]:
    """The files that the place may be, sorted: of the listed paths those that fit; else the place itself if it is a
    path; none where nobody knows. Report and implementation may count from different folders, so the shorter path has
    to be the end of the longer."""
    fitting = sorted(path for path in listed if _is(place, path)) if place != NOWHERE else []
    return tuple(fitting) or ((place,) if "/" in place else ())


def _is(place: str, path: str) -> bool:
    parts = path.split("/")
    if _end_alike(place.split("/"), parts):
        return True
    if "/" in place:
        return False
    words = place.partition("$")[0].split(".")
    without_ending = [*parts[:-1], parts[-1].partition(".")[0]]
    shortest = max(1, len(words) - MAX_INNER_CLASSES)
    return any(_end_alike(words[:length], without_ending) for length in range(shortest, len(words) + 1))


def _end_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    common = min(len(one), len(other))
    return list(one[-common:]) == list(other[-common:])
