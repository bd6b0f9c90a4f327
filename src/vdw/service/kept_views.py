"""Views of projects that were made last, each kept by all that it follows from.

The rule it keeps: whoever asks for a view has read its basis in the snapshot at hand and been found to have a right to
it. A basis that differs in anything, by whoever's hand, finds nothing here, so that no view can be out of date or
another project's.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from vdw.domain.canonical import Digest
from vdw.service.answers import ProjectView
from vdw.store.interface import ProjectRow

KEPT_VIEWS: Final = 256
"""Views, those asked for last: as many as `lifecycle.stored` keeps states; some 4 MB with 5 KB of verdict each."""


@dataclass(frozen=True, slots=True)
class Basis:
    """All that a view follows from, but for its feedback. Equal ones have equal views."""

    row: ProjectRow
    """Tenant, id, names and the state's whole text, as put back where the tenant's root was lost."""
    head: Digest
    """Of the trust log: a hash over all its entries, and so over policy, approvers and votes."""
    verdict: str
    """The stored verdict's whole text; '' where there is none."""
    verified: str
    """What the documents say of it, whose bytes are asked each time."""
    command: str


class KeptViews:
    """For any thread: two that ask for the same at once both make it."""

    def __init__(self, most: int = KEPT_VIEWS) -> None:
        self._most = most
        self._views: OrderedDict[Basis, ProjectView] = OrderedDict()
        self._lock = threading.Lock()

    def view(self, basis: Basis, make: Callable[[], ProjectView]) -> ProjectView:
        """The view of this basis, made now unless it is kept. Whoever gets it changes nothing in it."""
        with self._lock:
            found = self._views.get(basis)
            if found is not None:
                self._views.move_to_end(basis)
                return found
        made = make()
        with self._lock:
            self._views[basis] = made
            if len(self._views) > self._most:
                self._views.popitem(last=False)
        return made
