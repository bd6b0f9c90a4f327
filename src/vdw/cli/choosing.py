"""What a person left out or wrote as a word: the only project, a lane by name."""

from __future__ import annotations

from vdw.domain.principal import Principal
from vdw.domain.stages import Lane, Phase, Stage
from vdw.domain.trust_level import Trust
from vdw.errors import ErrorCode, VdwError
from vdw.service.environment import Environment


def chosen_project(env: Environment, principal: Principal, named: str) -> str:
    """The named project, or the only one. Raises `VdwError` (invalid_input) listing the choices when there are
    several."""
    if named:
        return named
    page = env.store.read(lambda reader: reader.projects(principal.tenant, limit=10))
    if len(page.rows) == 1:
        return page.rows[0].id
    if not page.rows:
        raise VdwError(
            ErrorCode.NOT_FOUND,
            "There are no projects yet.",
            "Ask your agent to begin one, or: vdw project create FILE",
        )
    slugs = ", ".join(row.slug for row in page.rows)
    raise VdwError(ErrorCode.INVALID_INPUT, "There are several projects; say which.", f"One of: {slugs}")


def lane_of(word: str) -> Lane:
    """Raises `VdwError` (invalid_input) for a lane that does not exist."""
    try:
        return Lane(word)
    except ValueError:
        raise VdwError(ErrorCode.INVALID_INPUT, f"There is no lane called {word[:40]}.", "Use full or light.") from None


def stage_of(word: str) -> Stage:
    """Raises `VdwError` (invalid_input) for a stage that does not exist."""
    try:
        return Stage(word)
    except ValueError:
        raise VdwError(
            ErrorCode.INVALID_INPUT, f"There is no stage called {word[:40]}.", f"Use one of: {', '.join(Stage)}."
        ) from None


def phase_of(word: str) -> Phase:
    """Raises `VdwError` (invalid_input) for a phase that does not exist."""
    try:
        return Phase(word)
    except ValueError:
        raise VdwError(
            ErrorCode.INVALID_INPUT, f"There is no phase called {word[:40]}.", f"Use one of: {', '.join(Phase)}."
        ) from None


def trust_of(word: str) -> Trust:
    """Raises `VdwError` (invalid_input) for a trust of evidence that does not exist."""
    try:
        return Trust(word)
    except ValueError:
        raise VdwError(
            ErrorCode.INVALID_INPUT, f"There is no evidence called {word[:40]}.", f"Use one of: {', '.join(Trust)}."
        ) from None
