"""What a tenant's gates ask of people and evidence, as its trust log states it: the only source of it.

The JSON form is part of what is signed, so it stays readable for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vdw.domain.canonical import JsonObject
from vdw.domain.stages import Lane
from vdw.domain.trust_level import TRUST_ORDER, Trust
from vdw.errors import invalid


class Assurance(StrEnum):
    """How the signer proved to be there. `DEMO` exists only in a tenant founded as `demo`, for ever."""

    KEY = "key"
    PASSKEY = "passkey"
    SESSION = "session"
    DEMO = "demo"


MAX_QUORUM = 50
"""Approvals one gate may ask. More is a committee, not a gate."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One state of it; a later one takes the place of the whole."""

    quorum: int = 1
    self_approval: bool = False
    """Whether an owner may decide on work that their own agents submitted (recorded as `self_approved`)."""
    assurance: tuple[Assurance, ...] = (Assurance.KEY, Assurance.PASSKEY)
    evidence_trust: Trust = Trust.RUN
    """The least trust that verifies a requirement without a waiver."""
    lanes: tuple[str, ...] = ("full", "light")
    template_drafts: bool = False

    def as_json(self) -> JsonObject:
        return {
            "quorum": self.quorum,
            "self_approval": self.self_approval,
            "assurance": [item.value for item in self.assurance],
            "evidence_trust": self.evidence_trust.value,
            "lanes": list(self.lanes),
            "template_drafts": self.template_drafts,
        }

    def asks_no_more_than(self, other: Policy) -> bool:
        """Whether an approval given under `other` still suffices under this policy."""
        return (
            self.quorum <= other.quorum
            and (self.self_approval or not other.self_approval)
            and set(other.assurance) <= set(self.assurance)
            and TRUST_ORDER.index(self.evidence_trust) <= TRUST_ORDER.index(other.evidence_trust)
            and set(other.lanes) <= set(self.lanes)
            and (self.template_drafts or not other.template_drafts)
        )


def policy_from_json(value: JsonObject) -> Policy:
    """Reads a policy strictly. Raises `VdwError` (invalid_input) for a missing, unknown or wrong field."""
    if set(value) != set(Policy().as_json()):
        raise invalid("policy", "must have exactly the fields of a policy", Policy().as_json())
    quorum, assurance, lanes = value["quorum"], value["assurance"], value["lanes"]
    flags = (value["self_approval"], value["template_drafts"])
    if not isinstance(quorum, int) or isinstance(quorum, bool) or not 1 <= quorum <= MAX_QUORUM:
        raise invalid("policy.quorum", f"a whole number from 1 to {MAX_QUORUM}", 1)
    if not all(isinstance(flag, bool) for flag in flags):
        raise invalid("policy", "self_approval and template_drafts are true or false", False)
    if not isinstance(assurance, list) or not assurance or not isinstance(lanes, list) or not lanes:
        raise invalid("policy", "assurance and lanes are lists that are not empty", Policy().as_json())
    try:
        return Policy(
            quorum=quorum,
            self_approval=bool(flags[0]),
            assurance=tuple(Assurance(str(item)) for item in assurance),
            evidence_trust=Trust(str(value["evidence_trust"])),
            lanes=tuple(Lane(str(item)).value for item in lanes),
            template_drafts=bool(flags[1]),
        )
    except ValueError:
        raise invalid(
            "policy", "names an assurance, trust level or lane that does not exist", Policy().as_json()
        ) from None
