"""Random changes of the approvers, signed by random people: whatever is accepted keeps the rules, whatever breaks them
is refused. The rules are counted here a second time, from the names alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.trust.chains import SOLO, TENANT, TIME, Log, owner, signer
from vdw.domain.ids import ApproverId
from vdw.domain.policy import Assurance
from vdw.errors import VdwError
from vdw.trust.chain import replay
from vdw.trust.statements import PolicyStatement, ReplaceStatement, RevokeStatement, Statement

NAMES = ["ada", "ada_2", "ada_3", "bob", "bob_2", "cyd", "dan"]
"""Keys; what stands before the underscore is the person."""


@dataclass(frozen=True)
class Step:
    kind: str
    key: str
    other: str
    quorum: int
    strangers: bool
    """Whether keys sign that may not."""
    hands: tuple[int, ...]

    def by(self, in_force: Collection[str]) -> tuple[str, ...]:
        """Who signs: some of those in force, or of all that there are."""
        names = NAMES if self.strangers else sorted(in_force)
        return tuple(dict.fromkeys(names[hand % len(names)] for hand in self.hands))

    def statement(self, log: Log) -> Statement:
        head = log.state.head
        match self.kind:
            case "enrol":
                return log.enrolment(self.key)
            case "replace":
                public_key = signer(self.other).public_key
                return ReplaceStatement(
                    TENANT,
                    ApproverId(f"apr_{self.other}"),
                    ApproverId(f"apr_{self.key}"),
                    public_key,
                    Assurance.KEY,
                    TIME,
                    head,
                )
            case "revoke":
                return RevokeStatement(TENANT, ApproverId(f"apr_{self.key}"), TIME, head)
            case _:
                return PolicyStatement(TENANT, replace(SOLO, quorum=self.quorum), TIME, head)


keys = st.sampled_from(NAMES)
steps = st.builds(
    Step,
    kind=st.sampled_from(["enrol", "enrol", "replace", "revoke", "policy"]),
    key=keys,
    other=keys,
    quorum=st.integers(1, 4),
    strangers=st.sampled_from([False, False, False, True]),
    hands=st.lists(st.integers(0, 99), min_size=1, max_size=4).map(tuple),
)


@dataclass
class Model:
    """Keys in force → person, all keys ever, quorum."""

    in_force: dict[str, str]
    ever: set[str]
    quorum: int = 1

    def allows(self, step: Step, by: tuple[str, ...]) -> bool:
        if not set(by) <= set(self.in_force):
            return False
        counted = {self.in_force[name] for name in by if (step.kind, name) != ("revoke", step.key)}
        people = set(self.in_force.values())
        if step.kind == "revoke":
            people -= {self.in_force.get(step.key, "")}
        if len(counted) < max(1, min(self.quorum, len(people))):
            return False
        match step.kind:
            case "enrol":
                return step.key not in self.ever
            case "replace":
                return step.key in self.in_force and step.other not in self.ever
            case "revoke":
                return step.key in self.in_force
            case _:
                return step.quorum <= len(set(self.in_force.values()))

    def apply(self, step: Step) -> None:
        match step.kind:
            case "enrol":
                self.in_force[step.key] = owner(step.key)
                self.ever.add(step.key)
            case "replace":
                self.in_force[step.other] = self.in_force.pop(step.key)
                self.ever.add(step.other)
            case "revoke":
                del self.in_force[step.key]
            case _:
                self.quorum = step.quorum


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(walk=st.lists(steps, min_size=4, max_size=14))
def test_a_change_is_accepted_exactly_when_the_rules_allow_it(walk: list[Step]) -> None:
    log, model = Log("ada"), Model({"ada": "per_ada"}, {"ada"})
    for step in walk:
        before, by = log.state, step.by(model.in_force)
        try:
            log.add(step.statement(log), *by)
            accepted = True
        except VdwError:
            accepted = False
        assert accepted == model.allows(step, by), (step, by)
        if accepted:
            model.apply(step)
        else:
            assert log.state is before
        in_force = {f"apr_{name}": person for name, person in model.in_force.items()}
        assert {approver: log.state.owner_of(approver) for approver in log.state.in_force} == in_force
        assert in_force, "a log never loses its last approver"
    assert replay(log.entries, log.pin) == log.state
