"""Moving the pin to a new root, so that a process that dies at any moment leaves nothing half done.

1. The announcement: trust.json, which no writer of the store can touch, names the root and the head that are to come.
2. The store commits the entries, all or none of them.
3. `held_pin`: whoever reads that log next beside that file finds exactly what was announced, and moves the pin.

Died before 2: the log is as it was, and so is what it is held against. Died before 3: the next command does it.
"""

from __future__ import annotations

from pathlib import Path

from vdw.trust.chain import require_pinned
from vdw.trust.pin import Pin, Pins, announce_pin, move_to_announced
from vdw.trust.state import TrustState


def pin_of(state: TrustState) -> Pin:
    """What trust.json says once it pins this log at its head."""
    return Pin(state.root, state.head, state.position)


def announce(path: Path, lost: TrustState, new: TrustState) -> None:
    """Announces the root of `new`, whose entries the caller then commits. Raises `VdwError` (conflict) where the pin is
    not at the head that is to be left behind."""
    announce_pin(path, lost.tenant, pin_of(lost), pin_of(new))


def held_pin(pins: Pins, state: TrustState) -> Pin:
    """The pin that this verified log is to be held against, given what trust.json said just now.

    That is the pinned one, or the announced one if the log was refounded as announced; the pin has then moved. A
    refounding that nobody announced changes nothing here, so the log does not fit its pin. Raises `VdwError` (trust).
    """
    pin, announced = pins.require(state.tenant), pins.announced.get(state.tenant)
    # 1. The pin's own file announces another root: nothing that is written in the store does that.
    if announced is None or state.root == pin.root:
        return pin
    # 2. The log's root is the announced entry by its hash, which covers its key, its signature and, link by link, all
    #    that was pinned before it; and the log holds what was announced with it.
    require_pinned(state, announced)
    # 3. The pin moves and the announcement ends in one write, unless another process was quicker.
    move_to_announced(pins.path, state.tenant, announced)
    return announced
