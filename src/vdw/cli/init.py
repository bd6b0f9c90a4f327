"""`vdw init`: the whole set-up. One passphrase, a tenant, the trust log, an agent's key, the client's configuration."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vdw.cli.clients import SERVER_NAME
from vdw.cli.context import Composition, composition, until_done
from vdw.cli.screen import say
from vdw.config import Settings
from vdw.domain.secret import Secret
from vdw.errors import ErrorCode, VdwError

if TYPE_CHECKING:
    from vdw.cli.clients import Client
    from vdw.domain.principal import Principal
    from vdw.service.environment import Environment

NEW_KEY = "vdw_(a new key)"
"""Stands for the key in what is shown before one is made."""


def init(
    ctx: typer.Context,
    client: Annotated[
        str, typer.Option("--client", metavar="CLIENT", help="Set up this client too: claude-code, cursor or vscode.")
    ] = "",
    name: Annotated[
        str, typer.Option(metavar="NAME", help="Your name, as approvals show it here; your login name if left out.")
    ] = "",
    owner: Annotated[
        str,
        typer.Option(
            metavar="PERSON", help="Person who answers for the client's agent; asked for where there are several."
        ),
    ] = "",
    folder: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder of the client's configuration.")] = Path(),
    yes: Annotated[bool, typer.Option("--yes", help="Write the client's configuration without asking.")] = False,
) -> None:
    """Set up this machine: your key, the store, your client."""
    found = composition(ctx)
    until_done(found, _init(found, client, name, owner, folder.resolve(), yes=yes))


async def _init(found: Composition, client: str, name: str, owner: str, folder: Path, *, yes: bool) -> None:
    from vdw.cli.clients import present_key, require_client
    from vdw.service.founding import require_unfounded
    from vdw.service.persons import require_name
    from vdw.store.sqlite.migrate import migrate

    _require_platform()
    chosen = require_client(client) if client else None
    if chosen is not None:
        present_key(chosen, folder)  # a file that cannot be extended is refused before a passphrase is asked for
    person, store = require_name(name or _login_name()), found.settings.store_file
    passphrase = None if store.exists() else _first_passphrase(found)
    moved_forward = migrate(store) if passphrase is None else 0
    try:
        env = found.founding_environment()
        fresh = not env.store.read(lambda reader: reader.tenants())
        if fresh:
            await _found(found, env, person, passphrase or _first_passphrase(found))
        elif moved_forward:
            say("The store is brought up to date; what is in it stays as it is.")
        elif chosen is None:
            require_unfounded(env)
        if chosen is not None:
            await _set_up_client(found, env, chosen, owner, folder, yes=yes)
        elif fresh:
            say(f"Next, in your project's folder: {env.command} init --client claude-code")
    finally:
        await found.close()


def _first_passphrase(found: Composition) -> str:
    """Asked for before anything is made, so that whoever stops here leaves nothing behind, and after all that can be
    known to fail. Raises `VdwError` (configuration) where there is nobody to ask, or nothing can be written."""
    from vdw.cli.asking import require_keyboard, require_writable
    from vdw.cli.passphrases import new_passphrase

    require_keyboard()
    settings = found.settings
    for folder, option in ((settings.data_dir, "--data"), (settings.config_dir, "--config-dir")):
        require_writable(folder, f"Make it writable, or choose another place with vdw {option} FOLDER init.")
    require_writable(settings.trust_file.parent, "Make it writable, or choose another place with VDW_TRUST.")
    return new_passphrase(found.random_bytes)


async def _found(found: Composition, env: Environment, person: str, passphrase: str) -> None:
    from vdw.cli.new_keys import new_sealed_key
    from vdw.domain.tenant import TenantKind
    from vdw.service.founding import SOLO, found_tenant, new_tenant

    ids, settings = new_tenant(env), found.settings
    with new_sealed_key(
        settings.config_dir,
        ids.tenant,
        ids.approver,
        passphrase,
        env.random_bytes,
        is_named=lambda: env.store.read(lambda reader: reader.log_head(ids.tenant)) is not None,
    ) as (signer, path):
        trust = await found_tenant(
            env,
            ids,
            kind=TenantKind.REAL,
            person_name=person,
            signer=signer,
            public_key=signer.public_key,
            policy=SOLO,
        )
    say(f"Your approver key is sealed in {path}. Keep a copy of it and the passphrase apart from this machine.")
    say(f"Trust root {trust.root} is pinned in {settings.trust_file}: write it down, auditors ask for it.")
    say("Policy solo: you may approve what your own agents made; each such approval says so.")
    _say_how_it_is_found(settings)


async def _set_up_client(
    found: Composition, env: Environment, client: Client, owner: str, folder: Path, *, yes: bool
) -> None:
    """Asks whose it is, and before it changes a file that is there; makes a key only after a yes. A key of this store
    that the file holds already stays."""
    from vdw.cli.asking import require_person
    from vdw.cli.clients import apply, plan, present_key
    from vdw.cli.owners import chosen_owner
    from vdw.service.keys import create_key, revoke_key

    operator = found.operator()
    env.store.read(
        lambda reader: env.trust.state(reader, operator.tenant)
    )  # a client of a distrusted store gets nowhere
    present = present_key(client, folder)
    holder = _holder(env, operator, present, owner)
    planned = plan(client, folder, Secret(NEW_KEY) if holder is None else present, found.settings.elsewhere)
    if not planned.diff:
        say(f"{client.name} is set up already, for an agent of {holder}: {planned.path} stays as it is.")
        _keep_out_of_git(planned.path)
        return
    asks = planned.touches and not yes
    if asks:
        require_person(f"Whether {planned.path} may be written is asked", "Add --yes to write it without being asked.")
    person = chosen_owner(env, operator, owner) if holder is None else None
    typer.echo(planned.diff)
    if asks and not typer.confirm(f"Write {planned.path}?", default=True):
        say(f"Not written. When you like: {env.command} init --client {client.name}")
        return
    if person is None:
        apply(planned)
    else:
        made = await create_key(env, operator, name=client.name, owner=person.id)
        try:
            apply(plan(client, folder, made.token, found.settings.elsewhere))
        except VdwError:
            await revoke_key(env, operator, made.key_id)  # nobody has it
            raise
    say(f"{client.name} is set up.")
    _keep_out_of_git(planned.path)
    say('Next: restart the client, and say to it: "Start a project with vdw."')


def _keep_out_of_git(path: Path) -> None:
    """The client's file, and the one that it leads to where it is a link."""
    from vdw.cli.out_of_git import in_words, keep_out_of_git

    say(in_words(path, keep_out_of_git(path), path.name))
    if path.is_symlink():
        target = path.resolve()
        say(in_words(target, keep_out_of_git(target), f"{target}, where it leads,"))


def _holder(env: Environment, operator: Principal, key: Secret, owner: str) -> str | None:
    """Who answers for whoever speaks with this key; None where it speaks for nobody here.

    Raises `VdwError` (configuration) where `owner` is somebody else: an agent works in the name of one person.
    """
    from vdw.auth.api_keys import principal_of
    from vdw.cli.owners import chosen_owner

    try:
        speaker = env.store.read(lambda reader: principal_of(reader, key.reveal(), env.clock()))
    except VdwError:
        return None
    names = {row.id: row.name for row in env.store.read(lambda reader: reader.persons(operator.tenant))}
    holder = names.get(speaker.owner, "nobody") if speaker.owner is not None else "nobody"
    if owner and chosen_owner(env, operator, owner).id != speaker.owner:
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"The client is set up here already, for an agent of {holder}.",
            f"Name another folder with --folder, or take the server {SERVER_NAME} out of the file and run it again.",
        )
    return holder


def _say_how_it_is_found(settings: Settings) -> None:
    """Where a plain `vdw` would look elsewhere, and would offer to found a second log."""
    if not settings.to_export:
        return
    exports = " ".join(f"{name}={shlex.quote(place)}" for name, place in settings.to_export.items())
    say(
        "A plain `vdw` in your shell looks elsewhere, not here. Write each command as this one, or set the variables for good:"
    )
    for line in (f"{settings.command} gate review", f"export {exports}"):
        typer.echo(f"  {line}")


def _login_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "owner"


def _require_platform() -> None:
    import sys

    if sys.platform == "win32":
        raise VdwError(
            ErrorCode.CONFIGURATION, "VDW runs on Windows through WSL.", "Open a WSL shell and run it there."
        )
