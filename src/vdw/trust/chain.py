"""The chain of a trust log: each entry hashed over the one before it, each verified, the whole held against the pin.

Whoever can write the store can write entries. They count only if they follow their predecessor, are signed by whom the
state before them demands (`authority`), descend from the pinned root and contain the pinned head.
"""

from __future__ import annotations

from collections.abc import Sequence

from vdw.domain.canonical import ZERO_DIGEST, Digest, digest_bytes, digest_of
from vdw.domain.clock import parse_timestamp
from vdw.domain.trust_entry import TrustEntry
from vdw.errors import ErrorCode, VdwError
from vdw.trust.authority import require_authorized
from vdw.trust.envelope import parse_envelope
from vdw.trust.pin import Pin
from vdw.trust.refusals import distrusted
from vdw.trust.state import TrustState, apply


def entry_hash(prev: Digest, envelope: Digest, accepted_at: str) -> Digest:
    """What the next entry, and every pin, names this entry by."""
    return digest_of({"prev": prev, "envelope": envelope, "accepted_at": accepted_at})


def replay(entries: Sequence[TrustEntry], pin: Pin, known: TrustState | None = None) -> TrustState:
    """The state after all entries; `known` is the verified state that the first of them follows, if any.

    Raises `VdwError` (trust) unless every entry verifies and the whole fits the pin.
    """
    state = known
    for entry in entries:
        state = extend(state, entry)
    if state is None:
        raise distrusted("the log is empty")
    require_pinned(state, pin)
    return state


def extend(state: TrustState | None, entry: TrustEntry) -> TrustState:
    """The state after one more entry. Raises `VdwError` (trust) naming, in the log, what is wrong with it."""
    try:
        return _extended(state, entry)
    except VdwError as error:
        raise distrusted(f"entry {entry.position}: {error.reason}") from None


def require_pinned(state: TrustState, pin: Pin) -> None:
    """Raises `VdwError` (trust) unless the root is the pinned one and the chain holds the pinned head where it was."""
    if pin.root in {lost.entry for lost in state.lost_roots}:
        raise VdwError(
            ErrorCode.TRUST,
            "The trust log was founded anew after this pin was made; decisions under the old root open nothing.",
            "Get the new root from the approvers, on another way than this store, and pin it.",
            reason=f"the pinned root {pin.root} was lost, the present one is {state.root}",
        )
    if state.root != pin.root:
        raise distrusted(f"root {state.root} is not the pinned {pin.root}")
    if state.positions.get(pin.head) != pin.position:
        raise distrusted(f"the pinned head {pin.head} is not at position {pin.position}")


def _extended(state: TrustState | None, entry: TrustEntry) -> TrustState:
    # 1. It follows what came before.
    expected = (ZERO_DIGEST, 0) if state is None else (state.head, state.position + 1)
    if (entry.prev, entry.position) != expected:
        raise distrusted("does not follow its predecessor")
    # 2. Its envelope is the one that it names, in the one form; its hash is that of what it says.
    envelope = parse_envelope(entry.envelope)
    if envelope.body() != entry.envelope or digest_bytes(entry.envelope) != entry.envelope_digest:
        raise distrusted("has another envelope than it names")
    parse_timestamp(entry.accepted_at, "accepted_at")
    if entry.hash != entry_hash(entry.prev, entry.envelope_digest, entry.accepted_at):
        raise distrusted("does not have its hash")
    # 3. It is signed by whom the state before it demands, and lies in the log of the tenant that it speaks of.
    found = require_authorized(state, envelope)
    if found.tenant != entry.tenant:
        raise distrusted("lies in the log of another tenant")
    return apply(state, found, entry)
