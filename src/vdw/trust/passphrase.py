"""Passphrases for approver keys: the least that is taken, one form for all keyboards, and six words to offer."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from vdw.errors import invalid

MIN_PASSPHRASE_CHARACTERS = 12
"""Shorter ones are refused (decisions: Trust)."""
OFFERED_WORDS = 6
"""77 bits from the 7,776 words of the EFF's long list."""
_INDEX_BYTES = 8
"""Random bytes a word: 64 bits against 7,776 words, so the bias of the remainder is below 2^-51."""


def require_passphrase(passphrase: str) -> None:
    """Raises `VdwError` (invalid_input) for one that is too short to seal a key with."""
    if len(unicodedata.normalize("NFC", passphrase)) < MIN_PASSPHRASE_CHARACTERS:
        raise invalid("passphrase", f"at least {MIN_PASSPHRASE_CHARACTERS} characters")


def passphrase_bytes(passphrase: str) -> bytes:
    """The same bytes whether a system types `ä` as one character or as two (RFC 8265 section 4.2.2)."""
    return unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogateescape")


def six_words(random_bytes: Callable[[int], bytes]) -> str:
    """Six words with hyphens between, chosen by the given randomness."""
    from xkcdpass.xkcd_password import generate_wordlist, locate_wordfile

    words = sorted(generate_wordlist(wordfile=locate_wordfile("eff-long"), min_length=3, max_length=9))
    chosen = (words[int.from_bytes(random_bytes(_INDEX_BYTES)) % len(words)] for _ in range(OFFERED_WORDS))
    return "-".join(chosen)
