"""What the sentence over unlisted records says of how many there are."""

from __future__ import annotations

import pytest

from vdw.artifacts.unlisted import counted_words


@pytest.mark.parametrize(
    ("count", "shown", "words"),
    [
        (1, 1, "1 record did not wholly pass at a head commit"),
        (2, 2, "2 records did not wholly pass at a head commit"),
        (21, 20, "21 records did not wholly pass at a head commit; the first 20 are shown"),
    ],
)
def test_only_where_some_are_left_out_it_says_that_those_are_the_first(count: int, shown: int, words: str) -> None:
    assert counted_words(count, shown) == words
