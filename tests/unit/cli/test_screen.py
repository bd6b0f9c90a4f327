"""Lines are folded at spaces; what a person copies, an id, a digest or a command, is never cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from vdw.artifacts.markdown import one_line
from vdw.cli.screen import folded, folded_below, message
from vdw.cli.tables import Table, drawn

WORDS = st.lists(st.text("ab火-", min_size=1, max_size=8), max_size=30).map(" ".join)


@given(WORDS, st.integers(20, 100))
def test_words_that_fit_a_line_stay_whole_and_in_order(line: str, width: int) -> None:
    lines = folded(line, width, "", "  ")

    assert " ".join(lines).split() == line.split()
    assert max(map(cell_len, lines)) <= width


@given(WORDS, st.integers(0, 60), st.integers(20, 100))
def test_what_goes_on_below_stands_as_far_in_as_the_line_began(line: str, lead: int, width: int) -> None:
    lines = folded_below(" " * lead + line, width, cut=True)
    edge = " " * min(lead, width // 2)

    assert all(line.startswith(edge) for line in lines if line)


def test_a_long_word_of_others_is_cut_but_not_an_id_or_a_digest() -> None:
    digest, approver = "0123456789abcdef" * 4, "apr_abcdefghijklmnop"

    assert folded(f"x{digest}", 40, cut=True) != [f"x{digest}"]
    assert digest in folded(f"says {digest}", 40, cut=True)
    assert approver in folded(f"says {approver}", 20, cut=True)


def test_without_a_terminal_nothing_is_folded() -> None:
    assert "\n" not in message("word " * 60, None)


def test_a_command_is_copied_in_one_piece() -> None:
    words = "Have another approver enrol you with this command: vdw approver enrol Ada. Or run `vdw gate show x` here."
    shown = message(words, 40)

    assert "vdw approver enrol Ada." in shown
    assert "`vdw gate show x`" in shown
    assert max(map(len, shown.splitlines())) <= 40


def test_a_table_that_is_too_wide_becomes_labelled_lines() -> None:
    table = Table(("key", "owner"), [("iy3a2hka3w7lgrjl", "Ada Lovelace, Countess of Lovelace")])

    assert drawn(table, None).plain == "key               owner\niy3a2hka3w7lgrjl  Ada Lovelace, Countess of Lovelace"
    assert drawn(table, 40).plain == "iy3a2hka3w7lgrjl\n  owner  Ada Lovelace, Countess of\n         Lovelace"


def test_a_title_of_several_lines_is_one_row() -> None:
    assert one_line("Kettle\nforged  mood\x1b[2J") == "Kettle forged mood⟨U+001B⟩[2J"
