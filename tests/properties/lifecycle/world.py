"""A walk on which every law is checked after every step."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.properties.lifecycle.laws import ALL_LAWS, Law, Moment, require
from tests.properties.lifecycle.shadow import Shadow
from tests.unit.lifecycle.walk import Step, Walk
from vdw.errors import LawRefusal
from vdw.lifecycle import phases
from vdw.lifecycle.commands import KIND, CommandKind
from vdw.lifecycle.table import TABLE, Refused, situation


@dataclass
class World(Walk):
    laws: tuple[Law, ...] = ALL_LAWS
    shadow: Shadow = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.shadow = Shadow(self.lane)

    def record(self, step: Step) -> None:
        now = self.shadow.after(step)
        for law in self.laws:
            law(Moment(step, self.shadow, now, self.decide))
        self.shadow = now

    def require_an_answer_to_everything(self) -> None:
        """Law 9 where the project is now: every kind of command is answered, and the table is kept to."""
        commands = self.one_of_each()
        require(9, {KIND[type(command)] for command in commands} == set(CommandKind), "a kind of command is forgotten")
        for command in commands:
            answer = TABLE[KIND[type(command)]][situation(self.state)]
            try:
                self.decide(self.state, command)
            except LawRefusal as refusal:
                require(9, refusal.next_step != "" and 1 <= refusal.law <= 9, f"{refusal!r} does not say why")
            else:
                require(9, not isinstance(answer, Refused), f"the table refuses {command}, decide does not")

    def require_the_fold(self) -> None:
        """Law 6: the state is what its events say, from the first one on."""
        state = phases.first_state(self.history[0])
        for event in self.history[1:]:
            state = self.evolve(state, event)
        require(6, state == self.state, "the state is not the fold of its events")
        require(6, state.version == len(self.history), "the version does not count the events")
