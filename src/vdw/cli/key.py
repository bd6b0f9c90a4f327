"""`vdw key`: credentials of agents and runners. A secret is shown once; only its hash is stored."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from vdw.cli.context import JsonOption, answer, composition, run
from vdw.cli.screen import say

if TYPE_CHECKING:
    from vdw.service.environment import Environment
    from vdw.service.keys import CreatedKey

app = typer.Typer(no_args_is_help=True, help="Keys of agents and runners.")


@app.command("create")
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name for the agent or runner, such as claude-code.")],
    kind: Annotated[str, typer.Option(metavar="KIND", help="One of agent, runner, service.")] = "agent",
    owner: Annotated[
        str, typer.Option(metavar="PERSON", help="Person who answers for it; asked for where there are several.")
    ] = "",
    days: Annotated[int, typer.Option(min=0, max=3650, metavar="DAYS", help="Days until it expires; 0 for never.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Make a key and show it once."""

    async def work(env: Environment) -> None:
        from vdw.cli.owners import chosen_owner
        from vdw.service.keys import create_key

        operator = composition(ctx).operator()
        person = chosen_owner(env, operator, owner)
        made = await create_key(env, operator, name=name, kind=kind, owner=person.id, days=days)
        told = {"key_id": made.key_id, "principal": made.principal, "key": made.token.reveal()}
        answer(told, partial(_show_once, env, made), as_json=as_json)

    run(ctx, work)


def _show_once(env: Environment, made: CreatedKey) -> None:
    typer.echo(made.token.reveal())
    say(
        f"Shown once. Give it to the client as VDW_KEY; revoke it with: {env.command} key revoke {made.key_id}",
        err=True,
    )


@app.command("list")
def list_(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """List keys: id, state, whose, when last used, to the hour."""

    async def work(env: Environment) -> None:
        from vdw.artifacts.markdown import visible
        from vdw.cli.tables import Table, show
        from vdw.service.keys import list_keys

        keys = list_keys(env, composition(ctx).operator())
        names = ("key_id", "kind", "state", "name", "owner")
        rows = [[*(visible(str(row[name])) for name in names), str(row["last_used_at"] or "never")] for row in keys]
        table = partial(show, Table(("key", *names[1:], "last used"), rows))
        answer(keys, table if keys else f"No keys yet. Make one with: {env.command} key create NAME", as_json=as_json)

    run(ctx, work)


@app.command("revoke")
def revoke(
    ctx: typer.Context,
    key_id: Annotated[str, typer.Argument(metavar="KEY", help="Id from vdw key list.")],
    as_json: JsonOption = False,
) -> None:
    """End a key at once, in every process."""

    async def work(env: Environment) -> None:
        from vdw.service.keys import revoke_key

        await revoke_key(env, composition(ctx).operator(), key_id)
        answer({"revoked": key_id}, f"{key_id} is revoked.", as_json=as_json)

    run(ctx, work)
