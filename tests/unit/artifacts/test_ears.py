"""EARS: the form is checked by code in English and German, and nowhere else."""

from __future__ import annotations

import pytest

from vdw.artifacts.ears import classify, pattern_fault

PATTERNS = ("ubiquitous", "event", "state", "unwanted", "optional", "complex")

SENTENCES = [
    ("en", "ubiquitous", "The helper shall keep the list."),
    ("en", "ubiquitous", "The helper should remove an item once it is eaten."),
    ("en", "event", "When an item is added, the helper must show where it lies."),
    ("en", "event", "As soon as it is eaten, the helper must forget it."),
    ("en", "event", "When it is eaten, the helper must forget it, if asked."),
    ("en", "state", "While the network is away, the helper shall keep the items."),
    ("en", "unwanted", "If the date is wrong, then the helper shall refuse it."),
    ("en", "optional", "Where a printer is present, the helper shall print the list."),
    ("en", "complex", "While the lid is open, when an item is added, the helper shall show it."),
    ("en", "complex", "Where a printer is present, and if paper is there, the helper shall print."),
    ("de", "ubiquitous", "Der Helfer muss die Liste behalten."),
    ("de", "event", "Sobald ein Vorrat gegessen wird, muss der Helfer ihn vergessen."),
    ("de", "state", "Solange das Netz fehlt, soll der Helfer warten."),
    ("de", "unwanted", "Falls das Datum falsch ist, muss der Helfer es ablehnen."),
    ("de", "optional", "Sofern ein Drucker da ist, kann der Helfer drucken."),
    ("de", "complex", "Solange die Tür offen gehalten wird, wenn es klingelt, muss der Helfer warten."),
]


@pytest.mark.parametrize(("language", "pattern", "statement"), SENTENCES)
def test_a_statement_has_the_form_that_it_begins_with(language: str, pattern: str, statement: str) -> None:
    assert classify(language, statement) == pattern
    assert pattern_fault(language, pattern, statement) is None


@pytest.mark.parametrize("language", ["en", "de", "de-AT"])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_example_of_a_fault_is_right_in_the_same_language(language: str, pattern: str) -> None:
    fault = pattern_fault(language, pattern, "Calm.")

    assert fault is not None
    assert classify(language, fault[1]) == pattern
    assert pattern_fault(language, pattern, fault[1]) is None


@pytest.mark.parametrize(("language", "pattern", "statement"), SENTENCES)
def test_a_conditional_statement_is_never_ubiquitous(language: str, pattern: str, statement: str) -> None:
    fault = pattern_fault(language, "ubiquitous", statement)

    assert (fault is None) == (pattern == "ubiquitous")


def test_a_wrong_pattern_is_told_what_the_statement_looks_like() -> None:
    fault = pattern_fault("en", "state", "When an item is added, the helper shall show it.")

    assert fault is not None
    assert fault[0] == "does not begin like state; it looks like event"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_who_obliges_nobody_has_no_pattern(pattern: str) -> None:
    assert pattern_fault("en", pattern, "When it rains, I am sad.") is not None
    assert classify("en", "When it rains, I am sad.") == "free"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_in_another_language_the_pattern_is_free(pattern: str) -> None:
    fault = pattern_fault("fr", pattern, "Le système must garder la liste.")

    assert fault == ("EARS is not checked in fr, so the pattern must be free", "free")
    assert pattern_fault("fr", "free", "Le système doit garder la liste.") is None
    assert classify("fr", "When it rains, it must.") == "free"


def test_a_word_within_a_word_is_no_keyword() -> None:
    assert classify("en", "Ifrit must wait.") == "ubiquitous"
    assert classify("en", "The mustard is here.") == "free"
