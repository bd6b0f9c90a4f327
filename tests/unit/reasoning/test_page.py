"""docs/rules.md says what the rules do: its tables are rendered again from them and compared."""

from __future__ import annotations

from tests.pages import Page, table
from vdw.domain.finding import Severity
from vdw.domain.stages import Lane, phase_number
from vdw.reasoning.relations import RELATIONS
from vdw.reasoning.rule import Rule
from vdw.reasoning.rulebook import load_rulebook

PAGE = Page.of("rules.md")


def rules_table() -> str:
    rules = sorted(load_rulebook().rules.values(), key=lambda rule: (phase_number(rule.since), rule.name))
    rows = [(rule.since.value, lanes(rule), f"`{rule.name}`", f"`{rule.says}`") for rule in rules]
    return table(("from the gate of", "lanes", "rule", "finds"), *rows)


def lanes(rule: Rule) -> str:
    return "both" if len(rule.lanes) == len(Lane) else "".join(lane.value for lane in rule.lanes)


def relations_table() -> str:
    rows = [(f"`{each.name}({', '.join(each.columns)})`", f"`{each.says}`") for each in RELATIONS]
    return table(("relation", "a row says"), *rows)


def test_the_page_lists_every_rule() -> None:
    assert PAGE.block("rules") == rules_table()


def test_the_page_lists_every_base_relation() -> None:
    assert PAGE.block("relations") == relations_table()


def test_what_the_page_says_of_all_rules_is_so() -> None:
    *warning, last = (f"`{name}`" for name, rule in load_rulebook().rules.items() if rule.severity is Severity.WARNING)
    assert f"Every rule blocks its gate but {', '.join(warning)} and {last}, which warn" in " ".join(PAGE.text.split())


def test_relations_have_ids_of_their_own() -> None:
    assert (
        len({relation.id for relation in RELATIONS}) == len({relation.name for relation in RELATIONS}) == len(RELATIONS)
    )
