"""Telling a person what was done and what comes next. The rule it keeps: what is committed is told, whatever fails
after it."""

from __future__ import annotations

from vdw.cli.screen import say
from vdw.domain.principal import Principal
from vdw.errors import VdwError
from vdw.service.environment import Environment
from vdw.service.person_steps import next_for_person


def tell_done(env: Environment, operator: Principal, project: str, done: str) -> None:
    """Prints what was done, then the next step. Where that cannot be read, it is left out."""
    say(done)
    try:
        next_step = next_for_person(env, operator, project)
    except VdwError:  # the act is in the store; a refusal now would say that it is not
        return
    say(next_step)
