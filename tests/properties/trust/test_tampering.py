"""Whatever is done to the entries of a log, under its pin they are what they were or they are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.unit.trust.chains import SOLO, Log, forged_row, signed, signer, team
from vdw.domain.canonical import ZERO_DIGEST, Digest, digest_bytes
from vdw.domain.ids import TenantId
from vdw.domain.trust_entry import TrustEntry
from vdw.errors import ErrorCode, VdwError
from vdw.trust.chain import entry_hash, replay
from vdw.trust.pin import Pin
from vdw.trust.state import TrustState

Rows = tuple[TrustEntry, ...]
Tampering = Callable[[Rows], Rows]


def _genuine() -> Log:
    log = team("ada", "bob", "cyd")
    log.server_key("main", "ada")
    log.decide("bob")
    log.waive("ada")
    log.replace("bob", "bob_new", "ada")
    log.policy(replace(SOLO, quorum=2), "ada")
    log.decide("bob_new", project="prj_b")
    log.revoke("cyd", "ada", "bob_new")
    log.decide("ada", project="prj_b")
    log.decide("ada", project="prj_c")
    return log


GENUINE = _genuine()
ENTRIES: Rows = tuple(GENUINE.entries)
STRANGERS: Rows = (
    *Log("eve").entries,
    *(forged_row(signed(GENUINE.decision("eve"), signer("eve")), entry.hash, entry.position + 1) for entry in ENTRIES),
    *(
        forged_row(signed(replace(GENUINE.enrolment("eve"), prev=entry.hash), signer("eve")), entry.hash, entry.position + 1)
        for entry in ENTRIES
    ),
)  # fmt: skip
MANY = settings(max_examples=300, deadline=None, derandomize=True, database=None)
indexes = st.integers(0, len(ENTRIES) - 1)


@st.composite
def flips(draw: st.DrawFn) -> Tampering:
    """One character or byte of one field of one entry becomes another."""
    index, at, bit = draw(indexes), draw(st.integers(0, 4000)), draw(st.integers(0, 6))
    name = draw(st.sampled_from(["prev", "hash", "envelope_digest", "envelope", "accepted_at", "tenant", "position"]))

    def flip(rows: Rows) -> Rows:
        row = rows[index % len(rows)]
        value = getattr(row, name)
        if isinstance(value, int):
            changed: Any = value ^ 1 << bit
        elif isinstance(value, bytes):
            where = at % len(value)
            changed = value[:where] + bytes([value[where] ^ 1 << bit]) + value[where + 1 :]
        else:
            where = at % len(value)
            changed = value[:where] + chr(ord(value[where]) ^ 1 << bit) + value[where + 1 :]
        return _with(rows, index % len(rows), replace(row, **{name: changed}))

    return flip


@st.composite
def moves(draw: st.DrawFn) -> Tampering:
    """Entries are dropped, swapped, repeated, cut off, or put in by a stranger."""
    kind = draw(st.sampled_from(["drop", "swap", "repeat", "cut", "insert", "substitute"]))
    one, other, stranger = draw(indexes), draw(indexes), draw(st.sampled_from(STRANGERS))

    def move(rows: Rows) -> Rows:
        first, second = one % len(rows), other % len(rows)
        match kind:
            case "drop":
                return rows[:first] + rows[first + 1 :]
            case "swap":
                return _with(_with(rows, first, rows[second]), second, rows[first])
            case "repeat":
                return (*rows[:first], rows[second], *rows[first:])
            case "cut":
                return rows[:first]
            case "insert":
                return (*rows[:first], stranger, *rows[first:])
            case _:
                return _with(rows, first, stranger)

    return move


@st.composite
def tamperings(draw: st.DrawFn) -> Rows:
    """What somebody made of the log who, if they choose to, knows how to make all hashes fit."""
    rows = ENTRIES
    for tampering in draw(st.lists(flips() | moves(), min_size=1, max_size=3)):
        rows = tampering(rows) if rows else rows
    return _chained(rows) if draw(st.booleans()) else rows


def _with(rows: Rows, index: int, row: TrustEntry) -> Rows:
    return (*rows[:index], row, *rows[index + 1 :])


def _chained(rows: Rows) -> Rows:
    """The same envelopes in the same order, with every position, digest and hash right."""
    chained: list[TrustEntry] = []
    prev: Digest = ZERO_DIGEST
    for position, row in enumerate(rows):
        digest = digest_bytes(row.envelope)
        hashed = entry_hash(prev, digest, row.accepted_at)
        chained.append(
            replace(row, tenant=TenantId("ten_a"), position=position, prev=prev, envelope_digest=digest, hash=hashed)
        )
        prev = hashed
    return tuple(chained)


def _believed(rows: Rows, pin: Pin) -> TrustState | None:
    """The state, or None where the log is refused as what it is; anything else that is raised fails the test."""
    try:
        return replay(rows, pin)
    except VdwError as refused:
        if refused.code is not ErrorCode.TRUST:
            raise
        return None


@MANY
@given(rows=tamperings())
def test_under_the_pin_of_the_newest_head_every_change_is_refused(rows: Rows) -> None:
    assume(rows != ENTRIES)
    assert _believed(rows, GENUINE.pin) is None


@MANY
@given(rows=tamperings(), seen=indexes)
def test_under_an_earlier_pin_everything_up_to_it_is_as_it_was(rows: Rows, seen: int) -> None:
    believed = _believed(rows, Pin(GENUINE.state.root, ENTRIES[seen].hash, seen))
    if believed is not None:
        assert rows[: seen + 1] == ENTRIES[: seen + 1]
        assert all(approver in GENUINE.state.approvers for approver in believed.approvers)


@MANY
@given(rows=tamperings())
def test_under_the_root_alone_a_stranger_never_gets_in(rows: Rows) -> None:
    believed = _believed(rows, Pin(GENUINE.state.root, GENUINE.state.root, 0))
    if believed is not None:
        assert "apr_eve" not in believed.approvers
        assert {vote.statement.approver for vote in believed.decisions.values()} <= set(GENUINE.state.approvers)
