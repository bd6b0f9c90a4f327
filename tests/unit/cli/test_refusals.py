"""What a person reads of a refusal."""

from __future__ import annotations

import pytest

from vdw.cli.outermost import refusal_text
from vdw.errors import invalid


@pytest.mark.parametrize("example", ["The metric is measured after launch.", "2026-11-30"])
def test_an_example_ends_with_one_point(example: str) -> None:
    words = refusal_text(invalid("reason", "1 to 2000 characters", example))

    assert f"For example: {example.rstrip('.')}. " in words
