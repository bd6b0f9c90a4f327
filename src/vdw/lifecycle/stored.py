"""A project's state as the text that a store keeps of it. What was read is kept by that very text.

The rule it keeps: the text is asked of the store every time. One that was kept is read again for nothing and can never
be out of date, whoever wrote the row: another text, were it by a byte, is another state.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from vdw.domain.stored_json import from_text, to_text
from vdw.lifecycle.state import ProjectState, state_from_json, state_to_json

KEPT_STATES: Final = 256
"""Read states that are kept, those used last: twelve full pages of `list_projects`, some 4 MB at 4 KB of text each. To
read a state takes 0.05 ms, a twentieth of a call."""


def state_to_text(state: ProjectState) -> str:
    return to_text(state_to_json(state))


@lru_cache(maxsize=KEPT_STATES)
def state_from_text(text: str) -> ProjectState:
    """Reads what `state_to_text` wrote. Callers on any thread share the result, which none of them changes."""
    return state_from_json(from_text(text))
