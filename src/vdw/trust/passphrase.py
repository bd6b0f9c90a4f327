"""Passphrases for approver keys: the least that is taken, and six words to offer (77 bits from the EFF's long list)."""

from __future__ import annotations

from collections.abc import Callable

MIN_PASSPHRASE_CHARACTERS = 12
"""Shorter ones are refused (decisions: Trust)."""
OFFERED_WORDS = 6
_INDEX_BYTES = 8
"""Random bytes a word: 64 bits against 7,776 words, so the bias of the remainder is below 2^-51."""


def six_words(random_bytes: Callable[[int], bytes]) -> str:
    """Six words with hyphens between, chosen by the given randomness."""
    from xkcdpass.xkcd_password import generate_wordlist, locate_wordfile

    words = sorted(set(generate_wordlist(wordfile=locate_wordfile("eff-long"), min_length=3, max_length=9)))
    chosen = (words[int.from_bytes(random_bytes(_INDEX_BYTES)) % len(words)] for _ in range(OFFERED_WORDS))
    return "-".join(chosen)
