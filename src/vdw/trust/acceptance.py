"""Taking a statement in now: authorized by the log, made just now, and then the next entry. Pure; nothing is stored."""

from __future__ import annotations

from datetime import datetime, timedelta

from vdw.domain.canonical import ZERO_DIGEST
from vdw.domain.clock import parse_timestamp
from vdw.domain.trust_entry import TrustEntry
from vdw.errors import ErrorCode, VdwError
from vdw.trust.authority import require_authorized
from vdw.trust.chain import entry_hash
from vdw.trust.envelope import Envelope
from vdw.trust.refusals import log_refused
from vdw.trust.state import TrustState, apply
from vdw.trust.statements import FoundStatement, Statement

CLOCK_TOLERANCE = timedelta(minutes=5)
"""Furthest that a statement's time may lie from ours (decisions: Trust)."""
COLLECTION_TIME = timedelta(days=7)
"""How long the signatures of one change may take: a week, so that nobody has to sit at a machine at the same hour. Any
other entry in between makes the change void anyway, since it is signed over the log's head (docs/adr/0006)."""


def require_acceptable(state: TrustState, envelope: Envelope, now: datetime) -> Statement:
    """The statement of an envelope that somebody sent in, if it may become the next entry.

    Raises what `require_authorized` raises, and `VdwError`: forbidden for a new root, signature for a statement that
    was not made within five minutes of now, or not proposed within a week where several signed it.
    """
    # 1. The log authorizes it: one of our statements, of this tenant, signed by whom the state demands.
    found = require_authorized(state, envelope)
    # 2. It founds nothing. A founding vouches for itself, so one that is sent in would take the tenant over.
    if isinstance(found, FoundStatement):
        raise log_refused("A new root is never sent in; `vdw approver refound` makes one beside the store and its pin.")
    # 3. It was made now, not kept for later; a change that several signed, while its signatures were collected.
    if len(envelope.signatures) > 1:
        if not is_collected_in_time(found, now):
            raise VdwError(
                ErrorCode.SIGNATURE,
                f"The change was not proposed within the last {COLLECTION_TIME.days} days.",
                "Propose it again, if it is still wanted.",
            )
    elif abs(now - _made(found)) > CLOCK_TOLERANCE:
        raise VdwError(
            ErrorCode.SIGNATURE,
            "The statement was not made within five minutes of now.",
            "Set the clock right and sign again.",
        )
    return found


def is_collected_in_time(found: Statement, now: datetime) -> bool:
    """Whether a change that takes several signatures may still get its last one."""
    return -CLOCK_TOLERANCE <= now - _made(found) <= COLLECTION_TIME


def _made(found: Statement) -> datetime:
    return parse_timestamp(found.time, "statement.predicate.time")


def append(state: TrustState | None, envelope: Envelope, accepted_at: str) -> tuple[TrustEntry, TrustState]:
    """The next entry of the log and the state after it. Raises what `require_authorized` raises.

    What others send in goes through `require_acceptable` first; a founding and a refounding come here alone.
    """
    found = require_authorized(state, envelope)
    prev, position = (ZERO_DIGEST, 0) if state is None else (state.head, state.position + 1)
    digest = envelope.digest()
    entry = TrustEntry(
        tenant=found.tenant,
        position=position,
        prev=prev,
        hash=entry_hash(prev, digest, accepted_at),
        envelope_digest=digest,
        envelope=envelope.body(),
        accepted_at=accepted_at,
    )
    return entry, apply(state, found, entry)
