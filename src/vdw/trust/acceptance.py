"""Taking a statement in now: authorized by the log, made just now, and then the next entry."""

from __future__ import annotations

from datetime import datetime, timedelta

from vdw.domain.canonical import ZERO_DIGEST
from vdw.domain.clock import parse_timestamp
from vdw.errors import ErrorCode, VdwError
from vdw.store.interface import EntryRow
from vdw.trust.authority import require_authorized
from vdw.trust.envelope import Envelope
from vdw.trust.state import TrustState, apply, entry_hash
from vdw.trust.statements import Statement

CLOCK_TOLERANCE = timedelta(minutes=5)
"""Furthest that a statement's time may lie from ours (decisions: Trust)."""


def require_acceptable(state: TrustState, envelope: Envelope, now: datetime) -> Statement:
    """The statement, if it may become the next entry. Raises what `require_authorized` raises, and `VdwError`
    (signature) for one that was not made within five minutes of now."""
    found = require_authorized(state, envelope)
    if abs(now - parse_timestamp(found.time, "statement.predicate.time")) > CLOCK_TOLERANCE:
        raise VdwError(
            ErrorCode.SIGNATURE,
            "The statement was not made within five minutes of now.",
            "Set the clock right and sign again.",
        )
    return found


def append(state: TrustState | None, envelope: Envelope, accepted_at: str) -> tuple[EntryRow, TrustState]:
    """The next entry of the log and the state after it. Raises what `require_authorized` raises; stores nothing."""
    found = require_authorized(state, envelope)
    prev, position = (ZERO_DIGEST, 0) if state is None else (state.head, state.position + 1)
    digest = envelope.digest()
    entry = EntryRow(
        tenant=found.tenant,
        position=position,
        prev=prev,
        hash=entry_hash(prev, digest, accepted_at),
        envelope_digest=digest,
        envelope=envelope.body(),
        accepted_at=accepted_at,
    )
    return entry, apply(state, found, envelope, entry)
