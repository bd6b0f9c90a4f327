"""`vdw doctor`: one line for each thing that is right or wrong, and how to mend it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import typer

from vdw.cli.context import Composition, JsonOption, answer, composition, typed_here, until_done
from vdw.cli.exit_codes import EXIT_SETUP
from vdw.cli.screen import say
from vdw.cli.system_faults import system_fault
from vdw.domain.counting import counted
from vdw.errors import VdwError

if TYPE_CHECKING:
    from vdw.service.environment import Environment

MIN_PYTHON = (3, 11)
OTHERS = 0o077
"""Permissions of anybody but the owner."""


def doctor(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Check this installation: what is wrong, and how to mend it."""
    found = composition(ctx)
    lines = until_done(found, _examine(found))
    wrong = [line for line in lines if line["state"] == "wrong"]
    answer({"checks": lines, "wrong": len(wrong)}, partial(_show, lines), as_json=as_json)
    if wrong:
        raise typer.Exit(EXIT_SETUP)


def _show(lines: list[dict[str, str]]) -> None:
    for line in lines:
        mark = {"right": "ok", "wrong": "!!", "note": "--"}[line["state"]]
        say(f"{mark}  {line['check']}: {line['says']}", hang="    ")
        if line["mend"]:
            say(f"      {line['mend']}")


async def _examine(found: Composition) -> list[dict[str, str]]:
    lines = [_check("python", _python), _check("settings", lambda: _settings(found))]
    if lines[-1]["state"] == "wrong":
        return lines
    lines += [line | {"mend": typed_here(line["mend"], found.settings)} for line in await _examine_set_up(found)]
    return lines


async def _examine_set_up(found: Composition) -> list[dict[str, str]]:
    lines = [_check("privacy", lambda: _privacy(found)), _port(found)]
    try:
        lines.append(_check("store", lambda: _store(found)))
        if lines[-1]["state"] == "wrong":
            return lines
        env = found.environment()
        lines.append(_check("trust log", lambda: _trust(found, env)))
        if lines[-1]["state"] == "right":
            lines.append(_check("approver key", lambda: _approver_key(found, env)))
            lines.append(_check("refounding", lambda: _refounding(found, env)))
            lines.append(_gates(found, env))
        lines.append(_check("agent key", lambda: _agent_key(found, env)))
        lines.append(await _reasoner(env))
    finally:
        await found.close()
    return lines


def _python() -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < MIN_PYTHON:
        raise _wrong(f"Python {version} is too old.", "Install Python 3.11 or later.")
    return version


def _settings(found: Composition) -> str:
    settings = found.settings
    return f"keys and settings in {settings.config_dir}, pin in {settings.trust_file}"


def _port(found: Composition) -> dict[str, str]:
    """A port that is taken is wrong only for whoever is about to serve on it."""
    try:
        found.require_address()
    except VdwError as error:
        return _line("port", "note", f"{error.public} That is as it should be while vdw serve runs.", error.next_step)
    return _line("port", "right", f"{found.settings.port} on {found.settings.host} is free for vdw serve", "")


def _privacy(found: Composition) -> str:
    settings = found.settings
    sealed = (settings.config_dir / "approvers").glob("*.json")
    for path in (settings.store_file, settings.trust_file, *sealed):
        if path.exists() and path.stat().st_mode & OTHERS:
            raise _wrong(f"{path} is open to other users of this machine.", f"Run: chmod go= {path}")
    return "keys, pin and store are for you alone"


def _store(found: Composition) -> str:
    file = found.settings.store_file
    env = found.environment()
    for path in (file, file.parent):
        if not os.access(path, os.W_OK):
            raise _wrong(f"{path} cannot be written by this user.", "Make the store's file and folder writable for it.")
    tenants = env.store.read(lambda reader: reader.tenants())
    return f"{file}: its schema is current, {counted(len(tenants), 'tenant')}"


def _trust(found: Composition, env: Environment) -> str:
    operator = found.operator()
    trust = env.store.read(lambda reader: env.trust.state(reader, operator.tenant))
    return f"{trust.position + 1} entries verify under the pinned root {trust.root}"


def _refounding(found: Composition, env: Environment) -> str:
    from vdw.service.refounded import count_left

    operator = found.operator()
    trust = env.store.read(lambda reader: env.trust.state(reader, operator.tenant))
    if not trust.lost_roots:
        return "none; the root is the one that the store was founded with"
    if left := count_left(env, operator):
        raise _wrong(
            f"it was interrupted: {counted(left, 'open project')} not back at the first gate.",
            "Finish it: vdw approver refound",
        )
    return f"the root was replaced at entry {trust.root_position}; every open project is back at its first gate"


def _gates(found: Composition, env: Environment) -> dict[str, str]:
    """Not wrong: the policy is as it was signed, and work of who is no approver can be approved."""
    from vdw.cli.closed_gates import closed_gates
    from vdw.service.approvers import current_trust

    trust = current_trust(env, found.operator())
    closed = closed_gates(trust.policy, len(trust.owners_in_force()), "vdw")
    return _line("gates", "note", *closed) if closed else _line("gates", "right", "approvers are enough for each", "")


def _approver_key(found: Composition, env: Environment) -> str:
    from vdw.domain.tenant import TenantKind
    from vdw.trust.sealed_key import find_sealed_keys, require_sealed_key

    operator = found.operator()
    trust = env.store.read(lambda reader: env.trust.state(reader, operator.tenant))
    if trust.kind is TenantKind.DEMO:
        return "none, for this is a demo's store: its signer ended with the demo"
    mine = find_sealed_keys(found.settings.config_dir, operator.tenant)
    in_force = [path for approver, path in mine if approver in trust.in_force]
    for path in in_force:
        require_sealed_key(path)
    if not in_force:
        raise _wrong(
            "no approver key in force lies here, so you cannot decide.",
            "Copy yours there; if the only one is lost for good: vdw approver refound",
        )
    return f"{len(in_force)} in force"


def _agent_key(found: Composition, env: Environment) -> str:
    from vdw.auth.api_keys import principal_of

    key = found.settings.key
    if not key:
        return "none set in this shell (clients carry their own)"
    try:
        principal = env.store.read(lambda reader: principal_of(reader, key.reveal(), env.clock()))
    except VdwError:
        mend = "Set it to a key from `vdw key create`, or unset it."
        raise _wrong("VDW_KEY holds no key that is in force here.", mend) from None
    kind = principal.kind.value
    return f"VDW_KEY speaks for {'an' if kind[0] in 'aeiou' else 'a'} {kind}"


async def _reasoner(env: Environment) -> dict[str, str]:
    from vdw.service.judging import empty_verdict

    try:
        verdict = await empty_verdict(env)
    except VdwError as error:
        return _line("reasoner", "wrong", error.public, error.next_step)
    return _line("reasoner", "right", f"{verdict.engine}, rules {verdict.rules}", "")


def _check(name: str, work: Callable[[], str]) -> dict[str, str]:
    try:
        return _line(name, "right", work(), "")
    except OSError as error:
        refusal = system_fault(error)
    except VdwError as error:
        refusal = error
    return _line(name, "wrong", refusal.public, refusal.next_step)


def _line(check: str, state: str, says: str, mend: str) -> dict[str, str]:
    return {"check": check, "state": state, "says": says, "mend": mend}


def _wrong(public: str, mend: str) -> VdwError:
    from vdw.errors import ErrorCode

    return VdwError(ErrorCode.CONFIGURATION, public, mend)
