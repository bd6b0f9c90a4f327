"""A tenant's trust as this process sees it: verified once, extended by what is new, held against the pin.

The state is a function of the log and the pin, so a row written by hand, a log cut short or another root is refused at
the next read, not merely at start-up.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vdw.domain.canonical import Digest
from vdw.domain.ids import ProjectId, TenantId
from vdw.domain.stages import Phase
from vdw.domain.trust_entry import TrustEntry
from vdw.errors import ErrorCode, VdwError
from vdw.lifecycle.state import Approval, ProjectState
from vdw.store.interface import Reader, Store
from vdw.trust.chain import extend, require_pinned
from vdw.trust.pin import Pin, read_pins, save_pin
from vdw.trust.refounding import announce, held_pin, pin_of
from vdw.trust.refusals import distrusted
from vdw.trust.state import Root, TrustState
from vdw.trust.votes import approving_root, newest_approval

KEPT_STATES = 8
"""Verified states of a tenant that are kept, the newest first: as many decisions may be made while one project is read,
before a snapshot from before them costs a look at the whole log. They share what they have in common."""


class TrustView:
    """Caches the newest verified states of each tenant, for any thread: whoever finds an older one than another has
    just remembered verifies what is new once more. `pin_file` is trust.json, outside the store."""

    def __init__(self, pin_file: Path, store: Store) -> None:
        self._pin_file = pin_file
        self._store = store
        self._states: dict[str, tuple[TrustState, ...]] = {}
        """Of a tenant, the newest first; replaced as a whole, so that threads may share it."""

    def state(self, reader: Reader, tenant: TenantId) -> TrustState:
        """The tenant's verified trust as the reader's snapshot holds it.

        Raises `VdwError` (trust) if the log does not verify under the pin. A snapshot may be older than the pin,
        because another process has decided meanwhile: then the log of now has to continue it and to hold the pin.
        """
        kept, head = self._states.get(tenant, ()), reader.log_head(tenant)
        known = kept[0] if kept else None
        if head is None:
            raise distrusted("the log is empty")
        if known is not None and head.hash == known.head:
            return known
        if known is not None and head.position <= known.position:
            return self._earlier(reader, kept, head)
        state = _folded(known, reader.log_entries(tenant, after=known.position if known else -1))
        if state.head != head.hash:
            raise distrusted("the log no longer holds what this process has verified before")
        pins, newest = read_pins(self._pin_file), state
        if pins.require(tenant).position > state.position:
            # Read after the pin, so that the new snapshot holds at least what was pinned.
            newest = _folded(state, self._store.read(lambda later: later.log_entries(tenant, after=state.position)))
        require_pinned(newest, held_pin(pins, newest))
        self._remember(newest)
        return state

    def _earlier(self, reader: Reader, kept: tuple[TrustState, ...], head: TrustEntry) -> TrustState:
        """The state of a snapshot from before the newest entry that this process has verified."""
        known = kept[0]
        newest = self._store.read(lambda later: later.log_head(known.tenant))
        if newest is None or newest.position < known.position or known.positions.get(head.hash) != head.position:
            raise distrusted("the log no longer holds what this process has verified before")
        then = next((state for state in kept if state.head == head.hash), None)
        return then or _folded(None, reader.log_entries(known.tenant))

    def advance(self, state: TrustState) -> None:
        """Takes over the state after an entry that this process has just committed."""
        self._remember(state)

    def pin(self, state: TrustState) -> None:
        """Pins the root of a tenant that is being founded, before the store holds it."""
        save_pin(self._pin_file, state.tenant, pin_of(state))

    def announce(self, lost: TrustState, new: TrustState) -> None:
        """Says beside the pin which root is to come (`trust.refounding`); for a refounding alone, before it commits."""
        announce(self._pin_file, lost, new)

    def refounded(self, state: TrustState) -> None:
        """Moves the pin to the announced root, whose entries this process has just committed."""
        require_pinned(state, held_pin(read_pins(self._pin_file), state))
        self._remember(state)

    def adopt(self, reader: Reader, tenant: TenantId, root: str) -> None:
        """Pins the root that an approver told, for somebody who has pinned none yet.

        Raises `VdwError` (trust) unless the log verifies and descends from it, or where another root is pinned.
        """
        state = _folded(None, reader.log_entries(tenant))
        try:
            require_pinned(state, Pin(Digest(root), state.head, state.position))
        except VdwError as error:
            raise VdwError(
                ErrorCode.TRUST,
                "The trust log of this store does not rest on the root that you gave.",
                "Compare it, character by character, with what `vdw doctor` shows an approver; where the two are the same, "
                "this is not that approver's store.",
                reason=error.reason,
            ) from None
        self._remember(state)

    def _remember(self, state: TrustState) -> None:
        """Pins first: a root that the pin refuses is never cached."""
        save_pin(self._pin_file, state.tenant, pin_of(state))
        others = [known for known in self._states.get(state.tenant, ()) if known.head != state.head]
        newest = sorted((state, *others), key=lambda known: known.position, reverse=True)
        self._states[state.tenant] = tuple(newest[:KEPT_STATES])


def signed_under(approval: Approval, project: ProjectId, phase: Phase, trust: TrustState) -> Root | None:
    """The root under which the verified log approves these bytes for this gate of this project: one review with its
    quorum, nobody's rejection before it, and no later approval of the gate. None where it does not. What a row of the
    store says beside that counts for nothing: set back to what was approved before, it opens nothing."""
    root = approving_root(trust, approval.envelopes, project, approval.digest)
    if root is None or any(trust.decisions[envelope].statement.gate is not phase for envelope in approval.envelopes):
        return None
    newest = newest_approval(trust, project, phase, root)
    return root if newest is not None and newest.digest == approval.digest else None


def is_signed(approval: Approval, project: ProjectId, phase: Phase, trust: TrustState) -> bool:
    """Whether the approval is signed under the present root: the only one whose approvals open anything."""
    return signed_under(approval, project, phase, trust) == trust.present_root


def completed_under(state: ProjectState, trust: TrustState) -> Root | None:
    """The one root under which every phase of the completed iteration is signed; None where there is none."""
    roots = {
        signed_under(work.approval, state.project, phase, trust) if work.approval and work.approved_as_is else None
        for phase, work in ((phase, state.work(phase)) for phase in state.lane_phases)
    }
    return roots.pop() if len(roots) == 1 else None


def is_self_approved(approval: Approval, trust: TrustState) -> bool:
    """Whether one of the signers answers for a contributor, as the statements themselves say."""
    signed = [trust.decisions[envelope].statement for envelope in approval.envelopes if envelope in trust.decisions]
    return any(trust.owner_of(statement.approver) in statement.owners for statement in signed)


def _folded(state: TrustState | None, entries: Sequence[TrustEntry]) -> TrustState:
    for entry in entries:
        state = extend(state, entry)
    if state is None:
        raise distrusted("the log is empty")
    return state
