"""A project in each situation, where a well-meant command of every kind that the table allows is also carried out."""

from __future__ import annotations

from collections.abc import Callable

from tests.unit.lifecycle.walk import Walk
from vdw.domain.stages import Lane, Phase
from vdw.lifecycle.events import Event
from vdw.lifecycle.table import Situation


def at_implementation() -> Walk:
    """In the light lane, so that evidence, a reopening and a change of lane are all in place."""
    return Walk(Lane.LIGHT).go_to(Phase.IMPLEMENTATION)


def drafting() -> Walk:
    walk = at_implementation()
    walk.submit()
    return walk


def suspended() -> Walk:
    walk = at_implementation().go_to(Phase.VALIDATION)
    walk.reopen(Phase.IMPLEMENTATION)
    return walk


def in_review() -> Walk:
    walk = at_implementation()
    walk.open_review()
    return walk


def completed() -> Walk:
    return at_implementation().complete()


def abandoned() -> Walk:
    walk = at_implementation()
    walk.abandon()
    return walk


def eventful() -> list[Event]:
    """A history in which everything happened that can."""
    walk = Walk(Lane.LIGHT)
    walk.submit()
    walk.waive()
    walk.request_review()
    walk.reissue()
    walk.vote()
    walk.change_lane(Lane.FULL)
    walk.go_to(Phase.IMPLEMENTATION)
    walk.record_evidence()
    walk.reopen(Phase.SPECIFICATION)
    walk.resume()
    walk.stand()
    walk.complete()
    walk.start_iteration()
    walk.open_review()
    walk.refound()
    walk.abandon()
    return walk.history


PLACES: dict[Situation, Callable[[], Walk]] = {
    Situation.DRAFTING_EMPTY: at_implementation,
    Situation.DRAFTING: drafting,
    Situation.SUSPENDED: suspended,
    Situation.REVIEW: in_review,
    Situation.COMPLETED: completed,
    Situation.ABANDONED: abandoned,
}
