"""Counts tokens offline, as the models that read our answers do."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from functools import cache

ENCODING = "o200k_base"


def tokens_of(value: object) -> int:
    """Tokens of the value's compact JSON."""
    return len(_encode()(json.dumps(value, ensure_ascii=False, separators=(",", ":"))))


@cache
def _encode() -> Callable[[str], list[int]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the package opens its data in a way Python 3.11 regrets
        import bpe_openai

        encode: Callable[[str], list[int]] = bpe_openai.get_encoding(ENCODING).encode
        return encode
