"""A tenant's trust: a pure fold over the entries of its log. Order is the chain's, never a clock's.

An entry counts only if it follows its predecessor, has its hash, and its envelope is signed by whom the state before it
demands (`authority`). The fold as a whole counts only under the pin: same root, and the pinned head in the chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from vdw.domain.canonical import ZERO_DIGEST, Digest, digest_of
from vdw.domain.statement import Assurance, Policy, TenantKind
from vdw.errors import ErrorCode, VdwError
from vdw.store.interface import EntryRow
from vdw.trust.envelope import Envelope, parse_envelope
from vdw.trust.pin import Pin
from vdw.trust.statements import (
    DecisionStatement,
    EnrolStatement,
    FoundStatement,
    PolicyStatement,
    ReplaceStatement,
    RevokeStatement,
    ServerKeyStatement,
    Statement,
    WaiverStatement,
)


S = TypeVar("S", DecisionStatement, WaiverStatement)


@dataclass(frozen=True, slots=True)
class Approver:
    """A key and the person behind it. It signs validly at positions above `since` and not above `until`."""

    id: str
    owner: str
    public_key: str
    assurance: Assurance
    since: int
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Accepted(Generic[S]):
    """A statement that took effect at `position`."""

    statement: S
    position: int
    envelope: Digest


@dataclass(frozen=True, slots=True)
class TrustState:
    tenant: str
    kind: TenantKind
    root: Digest
    """Hash of the entry that founded or last refounded the log."""
    root_position: int
    head: Digest
    position: int
    policy: Policy
    policy_entry: Digest
    approvers: Mapping[str, Approver]
    """All that ever were, by id."""
    server_keys: Mapping[str, str] = field(default_factory=dict)
    positions: Mapping[Digest, int] = field(default_factory=dict)
    """Entry hash → position, for every entry."""
    decisions: Mapping[str, Accepted[DecisionStatement]] = field(default_factory=dict)
    """By envelope digest, in the order of the log."""
    waivers: Mapping[str, Accepted[WaiverStatement]] = field(default_factory=dict)
    statements: Mapping[str, Digest] = field(default_factory=dict)
    """Project → envelope digest of its newest decision or waiver."""
    lost_roots: tuple[Digest, ...] = ()

    @property
    def in_force(self) -> tuple[str, ...]:
        """Ids of the approvers that may sign the next entry."""
        return tuple(approver.id for approver in self.approvers.values() if approver.until is None)

    def owner_of(self, approver: str) -> str:
        return self.approvers[approver].owner

    def owners_in_force(self) -> frozenset[str]:
        return frozenset(self.owner_of(approver) for approver in self.in_force)

    def approves(self, envelope: str, project: str, digest: str) -> bool:
        """Whether this envelope is an approval of this digest under the present root."""
        accepted = self.decisions.get(envelope)
        if accepted is None or accepted.position < self.root_position:
            return False
        found = accepted.statement
        return (found.project, found.digest, found.verdict) == (project, digest, "approve")

    def waivers_of(self, project: str) -> dict[str, list[WaiverStatement]]:
        """Waiver id → its statements under the present root, oldest first."""
        found: dict[str, list[WaiverStatement]] = {}
        for accepted in self.waivers.values():
            if accepted.statement.project == project and accepted.position >= self.root_position:
                found.setdefault(accepted.statement.waiver, []).append(accepted.statement)
        return found

    def last_statement(self, project: str) -> Digest | None:
        return self.statements.get(project)


def entry_hash(prev: Digest, envelope: Digest, accepted_at: str) -> Digest:
    return digest_of({"prev": prev, "envelope": envelope, "accepted_at": accepted_at})


def replay(entries: Sequence[EntryRow], pin: Pin) -> TrustState:
    """The state after all entries. Raises `VdwError` (trust) unless every entry verifies and the whole fits the pin."""
    state: TrustState | None = None
    for entry in entries:
        state = extend(state, entry)
    if state is None:
        raise distrusted("the log is empty")
    require_pinned(state, pin)
    return state


def require_pinned(state: TrustState, pin: Pin) -> None:
    """Raises `VdwError` (trust) unless the root is the pinned one and the chain holds the pinned head where it was."""
    if state.root != pin.root:
        raise distrusted(f"root {state.root} is not the pinned {pin.root}")
    if state.positions.get(pin.head) != pin.position:
        raise distrusted(f"the pinned head {pin.head} is not at position {pin.position}")


def extend(state: TrustState | None, entry: EntryRow) -> TrustState:
    """The state after one more entry. Raises `VdwError` (trust) naming, in the log, what is wrong with it."""
    from vdw.trust.authority import require_authorized

    # 1. It follows what came before.
    expected = (ZERO_DIGEST, 0) if state is None else (state.head, state.position + 1)
    if (entry.prev, entry.position) != expected:
        raise distrusted(f"entry {entry.position} does not follow its predecessor")
    # 2. Its hash and its envelope's digest are those of its bytes.
    if entry.hash != entry_hash(entry.prev, entry.envelope_digest, entry.accepted_at):
        raise distrusted(f"entry {entry.position} does not have its hash")
    try:
        envelope = parse_envelope(entry.envelope)
        if envelope.body() != entry.envelope or envelope.digest() != entry.envelope_digest:
            raise distrusted(f"entry {entry.position} has another envelope than it names")
        # 3. It is signed by whom the state before it demands.
        found = require_authorized(state, envelope)
    except VdwError as error:
        raise distrusted(f"entry {entry.position}: {error.reason}") from None
    return apply(state, found, envelope, entry)


def apply(state: TrustState | None, found: Statement, envelope: Envelope, entry: EntryRow) -> TrustState:
    """The state after an entry that has been found authorized."""
    if isinstance(found, FoundStatement):
        changed = _founded(state, found, entry)
    elif state is None:
        raise distrusted("the log does not begin with its founding")
    else:
        changed = _changed(state, found, envelope, entry)
    return replace(
        changed, head=entry.hash, position=entry.position, positions={**changed.positions, entry.hash: entry.position}
    )


def _founded(state: TrustState | None, found: FoundStatement, entry: EntryRow) -> TrustState:
    approver = Approver(found.approver, found.owner, found.public_key, found.assurance, entry.position)
    earlier = {item.id: _ended(item, entry.position) for item in state.approvers.values()} if state else {}
    return TrustState(
        tenant=found.tenant,
        kind=found.kind,
        root=entry.hash,
        root_position=entry.position,
        head=entry.hash,
        position=entry.position,
        policy=found.policy,
        policy_entry=entry.hash,
        approvers={**earlier, approver.id: approver},
        positions=state.positions if state else {},
        decisions=state.decisions if state else {},
        waivers=state.waivers if state else {},
        statements=state.statements if state else {},
        lost_roots=(*state.lost_roots, state.root) if state else (),
    )


def _changed(state: TrustState, found: Statement, envelope: Envelope, entry: EntryRow) -> TrustState:
    here = entry.position
    match found:
        case DecisionStatement():
            accepted = Accepted(found, here, entry.envelope_digest)
            decisions = {**state.decisions, entry.envelope_digest: accepted}
            return replace(state, decisions=decisions, statements=_newest(state, found.project, entry))
        case WaiverStatement():
            waived = Accepted(found, here, entry.envelope_digest)
            waivers = {**state.waivers, entry.envelope_digest: waived}
            return replace(state, waivers=waivers, statements=_newest(state, found.project, entry))
        case PolicyStatement():
            return replace(state, policy=found.policy, policy_entry=entry.hash)
        case EnrolStatement():
            new = Approver(found.approver, found.owner, found.public_key, found.assurance, here)
            return replace(state, approvers={**state.approvers, new.id: new})
        case ReplaceStatement():
            old = state.approvers[found.replaces]
            new = Approver(found.approver, old.owner, found.public_key, found.assurance, here)
            return replace(state, approvers={**state.approvers, old.id: _ended(old, here), new.id: new})
        case RevokeStatement():
            gone = state.approvers[found.approver]
            return replace(state, approvers={**state.approvers, gone.id: _ended(gone, here)})
        case ServerKeyStatement():
            return replace(state, server_keys={**state.server_keys, found.key: found.public_key})
        case _:
            raise distrusted(f"entry {here} is of a kind that a log does not hold")


def _newest(state: TrustState, project: str, entry: EntryRow) -> dict[str, Digest]:
    return {**state.statements, project: entry.envelope_digest}


def _ended(approver: Approver, position: int) -> Approver:
    return approver if approver.until is not None else replace(approver, until=position)


def distrusted(reason: str) -> VdwError:
    return VdwError(
        ErrorCode.TRUST,
        "The trust log does not verify, so no decision in it counts.",
        "Run `vdw doctor`; if the store was restored or changed by hand, restore the trust log that the pin names.",
        reason=reason,
    )
