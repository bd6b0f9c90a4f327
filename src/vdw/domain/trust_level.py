"""How far evidence is believed. The server sets it; nobody who submits evidence does."""

from __future__ import annotations

from enum import StrEnum


class Trust(StrEnum):
    """Lowest first; `TRUST_ORDER` compares them."""

    CLAIMED = "claimed"
    REPORTED = "reported"
    RUN = "run"
    ATTESTED = "attested"


TRUST_ORDER: tuple[Trust, ...] = tuple(Trust)
