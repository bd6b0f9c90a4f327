"""docs/lifecycle.md says what the code does: its tables are rendered again from the code and compared."""

from __future__ import annotations

import re

from tests.pages import Page, table
from vdw.domain.stages import PHASES, IterationStatus, Phase, Stage, seed_state_name
from vdw.lifecycle import phases
from vdw.lifecycle.commands import CommandKind
from vdw.lifecycle.table import TABLE, Answer, Refused, Situation
from vdw.reasoning.rulebook import load_rulebook

PAGE = Page.of("lifecycle.md")
NUMBERED = re.compile(r"^(\d)\. ", re.MULTILINE)


def in_words(answer: Answer) -> str:
    if isinstance(answer, Refused):
        return f"law {answer.law}: {answer.public} {answer.next_step}"
    return answer.does


def answers() -> str:
    """The whole table; situations with the same answer share a row."""
    rows: list[tuple[str, ...]] = []
    for kind in CommandKind:
        places: dict[str, list[str]] = {}
        for place in Situation:
            places.setdefault(in_words(TABLE[kind][place]), []).append(place.value)
        rows += [(f"`{kind.value}`", "; ".join(where), words) for words, where in places.items()]
    return table(("command", "where", "answer"), *rows)


def overview() -> str:
    def short(answer: Answer) -> str:
        return f"law {answer.law}" if isinstance(answer, Refused) else "yes"

    rows = [(f"`{kind.value}`", *(short(TABLE[kind][place]) for place in Situation)) for kind in CommandKind]
    return table(("command", *(place.value for place in Situation)), *rows)


def rules() -> str:
    """Every rule, at the gate from which on it speaks."""
    found = load_rulebook().rules.values()
    rows: list[tuple[str, ...]] = [
        (phase.value, ", ".join(f"`{rule.name}`" for rule in found if rule.since is phase)) for phase in PHASES
    ]
    return table(("from", "rules (`src/vdw/reasoning/rules`; read one as `vdw://rules/NAME`)"), *rows)


def test_the_page_lists_every_rule_as_it_runs() -> None:
    assert PAGE.block("rules") == rules()


def first_names() -> str:
    def name(stage: Stage | None, status: IterationStatus | None) -> str:
        return f"`{seed_state_name(None, stage, status)}`"

    def working(phase: Phase, stage: Stage) -> tuple[str, ...]:
        return (phase.value, stage.value, f"`{seed_state_name(phase, stage, IterationStatus.OPEN)}`")

    rows: list[tuple[str, ...]] = [("no project", "", name(None, None))]
    rows += [working(phase, stage) for phase in PHASES for stage in (Stage.DRAFTING, Stage.REVIEW)]
    rows += [(end.value, "", name(None, end)) for end in (IterationStatus.COMPLETED, IterationStatus.ABANDONED)]
    return table(("phase", "stage", "first name"), *rows)


def test_the_page_holds_the_table_of_answers() -> None:
    assert PAGE.block("answers") == answers()


def test_the_page_holds_the_overview_of_the_table() -> None:
    assert PAGE.block("overview") == overview()


def test_the_page_holds_the_names_of_the_first_design() -> None:
    assert PAGE.block("first names") == first_names()


def test_the_page_states_the_nine_laws_that_the_code_states() -> None:
    laws = PAGE.block("laws")
    assert NUMBERED.findall(laws) == [str(law) for law in range(1, 10)]
    assert laws in (phases.__doc__ or "")


def test_the_page_has_a_place_for_the_rules() -> None:
    assert PAGE.block("rules")
