"""What is wrong with a call's arguments is told in a few words, however much was sent."""

from __future__ import annotations

import json

import pytest

from vdw.errors import ErrorCode, VdwError
from vdw.server.pipeline import read_arguments
from vdw.server.surface import SURFACE

LONG = "k" * 1_000_000


@pytest.mark.parametrize(
    "arguments",
    [
        {LONG: 1},
        {"project": "prj_1", LONG: {LONG[:-1]: 1}},
        {"project": {LONG: 1.5}},
        {"project": {LONG: [0] * 100_000 + [1.5]}},
        {"project": {"\u202e" * 500_000: "\ud800"}},
    ],
    ids=["a field", "a field within", "a number", "a number far in", "a surrogate under direction marks"],
)
def test_a_refusal_never_grows_with_what_was_sent(arguments: dict[str, object]) -> None:
    with pytest.raises(VdwError) as refused:
        read_arguments(SURFACE.by_name["get_project"], arguments)

    assert refused.value.code is ErrorCode.INVALID_INPUT
    assert len(json.dumps(refused.value.as_json())) < 4_000
