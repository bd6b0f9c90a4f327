"""Changes of the trust log, from the first signature to the entry: proposed, signed by others elsewhere, handed in.

One signature that suffices is handed in at once. Otherwise the change travels as a proposal, to be signed within a week
and before any other entry, since it is signed over the log's head.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vdw.domain.counting import counted
from vdw.domain.ids import ApproverId, PersonId
from vdw.domain.principal import Permission, Principal
from vdw.errors import ErrorCode, VdwError
from vdw.service.answers import AcceptedStatement
from vdw.service.deciding import submit_statement
from vdw.service.environment import Environment
from vdw.store.interface import PersonRow, Reader
from vdw.trust.acceptance import COLLECTION_TIME, is_collected_in_time
from vdw.trust.authority import require_change
from vdw.trust.changes import require_consistent
from vdw.trust.envelope import cosign, parse_envelope, sign
from vdw.trust.parsing import read_statement
from vdw.trust.proposal import Proposal, proposal_of
from vdw.trust.quorum import Standing
from vdw.trust.refusals import log_refused
from vdw.trust.signer import DecisionSigner
from vdw.trust.state import Approver, TrustState
from vdw.trust.statements import EnrolStatement, PolicyStatement, ReplaceStatement, RevokeStatement

Change = EnrolStatement | ReplaceStatement | RevokeStatement | PolicyStatement
"""What people propose. Foundings stand alone, decisions and waivers have one signer each."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A proposal as the log stands now: what it says, who signed it genuinely, who could sign it yet."""

    proposal: Proposal
    change: Change
    standing: Standing
    trust: TrustState
    names: Mapping[PersonId, str]
    """Person id → name, from the tenant's directory; no signature covers a name."""

    def name_of(self, approver: Approver) -> str:
        return self.names.get(approver.owner, approver.owner)

    def require_counts(self, approver: ApproverId) -> None:
        """Raises `VdwError` (forbidden) where this approver's signature would bring the change no further."""
        if any(each.id == approver for each in self.standing.waiting):
            return
        if any(each.id == approver for each in self.standing.signed):
            raise self._superfluous("You have signed this already.")
        if approver not in self.trust.in_force:
            raise self._superfluous("Only an approver in force signs.")
        if isinstance(self.change, RevokeStatement) and self.change.approver == approver:
            raise self._superfluous("A key has no say in its own revocation.")
        raise self._superfluous("You have signed this already, with another key of yours.")

    def waits_for(self) -> str:
        """How many signatures are missing, and whose would count."""
        people = ", ".join(sorted({self.name_of(each) for each in self.standing.waiting}))
        return f"{counted(self.standing.missing, 'more signature')} needed, by: {people}"

    def _superfluous(self, public: str) -> VdwError:
        next_step = (
            self.waits_for() if self.standing.missing else "It needs no more signatures: vdw approver submit FILE"
        )
        return VdwError(ErrorCode.FORBIDDEN, public, next_step + ".")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change with one signature more. `accepted` is None while others are missing."""

    examined: Examined
    accepted: AcceptedStatement | None


def require_proposable(trust: TrustState, change: Change) -> None:
    """What can be known of a change before anybody signs it.

    Raises `VdwError` (forbidden) for one that the log rules out, that nobody could sign, or that changes nothing.
    """
    require_consistent(trust, change)
    if isinstance(change, RevokeStatement) and trust.in_force == (change.approver,):
        raise VdwError(
            ErrorCode.FORBIDDEN,
            "This is the only key in force: nobody else could sign its end, and nobody could decide after it.",
            "Put another in its place: vdw approver replace. If it is lost: vdw approver refound",
        )
    if isinstance(change, PolicyStatement) and change.policy == trust.policy:
        raise VdwError(ErrorCode.FORBIDDEN, "That is the policy in force already.", "There is nothing to change.")


async def propose(
    env: Environment, principal: Principal, signer: DecisionSigner, change: Change, newcomer: PersonRow | None = None
) -> Proposed:
    """The change with its first signature, in the log if that suffices.

    `newcomer` goes to the tenant's directory. Raises `VdwError` for what the log would not take from anybody.
    """
    principal.require(Permission.ENVELOPE_RELAY)
    examined = examine(env, principal, proposal_of(sign(change.as_statement(), (signer,))))
    if newcomer is not None:
        await env.store.commit(lambda uow: uow.put_person(newcomer))
    return await _handed_in(env, principal, examined)


async def add_signature(env: Environment, principal: Principal, signer: DecisionSigner, proposal: Proposal) -> Examined:
    """The proposal with this signature as well; nothing is handed in. Raises what `examine` raises, and `VdwError`
    (forbidden) for a signature that would not count."""
    examine(env, principal, proposal).require_counts(signer.keyid)
    return examine(env, principal, proposal_of(cosign(proposal.envelope, signer)))


async def submit(env: Environment, principal: Principal, proposal: Proposal) -> AcceptedStatement:
    """Raises what `examine` raises, and `VdwError` (forbidden) while signatures are missing."""
    examined = examine(env, principal, proposal)
    if examined.standing.missing:
        raise VdwError(ErrorCode.FORBIDDEN, "Too few approvers signed this change.", f"{examined.waits_for()}.")
    return await submit_statement(env, principal, proposal.envelope.as_json())


def examine(env: Environment, principal: Principal, proposal: Proposal) -> Examined:
    """The proposal as the log stands now.

    Raises `VdwError` with the way on: invalid_input (no change of a log), forbidden (another tenant's, impossible, or
    an entry already), conflict (the log has moved on), signature (too old, or a signature that is not genuine).
    """

    def read(reader: Reader) -> tuple[TrustState, Mapping[PersonId, str], bytes | None]:
        trust = env.trust.state(reader, principal.tenant)
        names = {row.id: row.name for row in reader.persons(principal.tenant)}
        return trust, names, _follower(reader, trust, change)

    # 1. It is a change of approvers or policy, in this tenant's log.
    found = read_statement(proposal.envelope.payload)
    if not isinstance(found, Change):
        raise log_refused("Only a change of approvers or policy is signed by several.")
    change = found
    trust, names, follower = env.store.read(read)
    if change.tenant != trust.tenant:
        raise log_refused("The change is of another tenant than this store's.")
    # 2. It is the next entry, and not one already.
    if follower is not None and parse_envelope(follower).payload == proposal.envelope.payload:
        raise VdwError(ErrorCode.FORBIDDEN, "This change is in the trust log already.", "Nothing is left to do.")
    if change.prev != trust.head:
        raise _again(ErrorCode.CONFLICT, "The trust log has moved on since this was proposed.", change)
    # 3. There is still time for its last signature.
    if not is_collected_in_time(change, env.clock()):
        raise _again(ErrorCode.SIGNATURE, f"This was not proposed within the last {COLLECTION_TIME.days} days.", change)
    # 4. Its signatures are genuine, and the log would take what it says.
    return Examined(proposal, change, _standing(trust, change, proposal), trust, names)


def command_for(change: Change) -> str:
    """The command that proposes such a change."""
    match change:
        case EnrolStatement():
            return "vdw approver enrol FILE (the file that their `vdw approver join` wrote)"
        case ReplaceStatement():
            return f"vdw approver replace {change.replaces} FILE (the file that their `vdw approver join` wrote)"
        case RevokeStatement():
            return f"vdw approver revoke {change.approver}"
        case PolicyStatement():
            own = "--self-approval" if change.policy.self_approval else "--separation"
            return f"vdw approver policy --quorum {change.policy.quorum} {own} --evidence {change.policy.evidence_trust.value}"


def _standing(trust: TrustState, change: Change, proposal: Proposal) -> Standing:
    try:
        return require_change(trust, change, proposal.envelope)
    except VdwError as error:
        if error.code is not ErrorCode.SIGNATURE:
            raise
        raise VdwError(
            ErrorCode.SIGNATURE,
            "A signature on this is not genuine, or not by an approver in force.",
            "Sign nothing; get the file anew from whoever proposed it.",
            reason=error.reason,
        ) from None


def _follower(reader: Reader, trust: TrustState, change: Change) -> bytes | None:
    """The envelope of the entry that follows the one which the change is signed over."""
    position = trust.positions.get(change.prev)
    rows = reader.log_entries(trust.tenant, after=position) if position is not None else ()
    return rows[0].envelope if rows else None


async def _handed_in(env: Environment, principal: Principal, examined: Examined) -> Proposed:
    if examined.standing.missing:
        return Proposed(examined, None)
    return Proposed(examined, await submit_statement(env, principal, examined.proposal.envelope.as_json()))


def _again(code: ErrorCode, public: str, change: Change) -> VdwError:
    return VdwError(code, public, f"If it is still wanted, propose it again: {command_for(change)}")
