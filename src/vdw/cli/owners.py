"""Whose agent or runner it is: asked for at a terminal where several people could answer for it."""

from __future__ import annotations

import sys

import typer

from vdw.domain.principal import Principal
from vdw.service.environment import Environment
from vdw.service.keys import owner_named
from vdw.store.interface import PersonRow


def chosen_owner(env: Environment, operator: Principal, named: str) -> PersonRow:
    """The person that was named, the only one, or whom the answer names. Raises what `owner_named` raises."""
    people = sorted(row.name for row in env.store.read(lambda reader: reader.persons(operator.tenant)))
    if not named and len(people) > 1 and sys.stdin is not None and sys.stdin.isatty():
        named = typer.prompt(f"Who answers for it? One of {', '.join(people)}", err=True)
    return env.store.read(lambda reader: owner_named(reader, operator, named))
