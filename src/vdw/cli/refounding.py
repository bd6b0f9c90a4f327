"""`vdw approver refound`: a new root after the only approver's key was lost. Says what that costs, and asks for a yes.

1. A refounding that died is finished, and no other begun; 2. it says what ends, and who could still help the ordinary
way; 3. the human types the word; 4. the new root is announced beside the pin and committed, and the pin on this
machine moves, on no other; 5. open iterations go back to their first gate.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from vdw.cli.asking import require_person
from vdw.cli.closed_gates import closed_gates
from vdw.cli.context import Composition
from vdw.cli.new_keys import new_sealed_key
from vdw.cli.passphrases import new_passphrase
from vdw.cli.screen import say
from vdw.config import Settings
from vdw.domain.counting import counted
from vdw.domain.ids import ApproverId
from vdw.domain.policy import Policy
from vdw.errors import ErrorCode, VdwError
from vdw.service.approvers import current_trust
from vdw.service.environment import Environment
from vdw.service.founding import NewTenant, refound_tenant
from vdw.service.refounded import put_back_all, to_be_signed_again
from vdw.store.interface import PersonRow
from vdw.trust.pin import read_pins
from vdw.trust.sealed_key import find_sealed_keys
from vdw.trust.state import TrustState

WORD = "refound"
WARNING = (
    "THE TRUST OF THIS STORE BEGINS ANEW.",
    "  - No approval or waiver signed so far opens a gate any more: open iterations go back to their first gate and are "
    "signed again, gate by gate. Revisions, decisions and evidence are kept.",
    "  - What was completed stays completed, and every report from now on says that the root was replaced.",
    "  - Everyone who checks your exports needs the new root from you, on another way than this store.",
    "  - All other approvers lose their keys' force and are enrolled again.",
)


@dataclass(frozen=True, slots=True)
class Refounded:
    """`key` is where the key of the present root is sealed; None where it does not lie here."""

    trust: TrustState
    key: Path | None
    projects: int
    """How many open iterations went back just now."""
    to_sign: int
    """How many projects wait for nothing but to be signed again."""
    finished: bool
    """Whether this was the rest of a refounding that had died."""


async def refound(env: Environment, found: Composition, name: str) -> Refounded:
    """The trust under the new root. Raises `VdwError` (configuration) for a wrong word."""
    operator, settings = found.operator(), found.settings
    # 1.
    begun = operator.tenant in read_pins(settings.trust_file).announced
    trust = env.store.read(lambda reader: env.trust.state(reader, operator.tenant))
    moved = begun and operator.tenant not in read_pins(settings.trust_file).announced
    projects = await put_back_all(env, operator)
    key = _key_in_force(settings, trust)
    if moved or projects:
        return Refounded(trust, key, projects, len(to_be_signed_again(env, operator)), finished=True)
    require_person("A new root is begun", "Run it in a terminal.")
    # 2.
    owner = _owner(env.store.read(lambda reader: reader.persons(operator.tenant)), name)
    policy = replace(trust.policy, quorum=1)
    _warn(env, trust, policy, owner, key)
    # 3.
    typer.echo(f"Type {WORD} to go on: ", nl=False, err=True)
    if sys.stdin.readline().strip() != WORD:
        raise VdwError(ErrorCode.CONFIGURATION, "Nothing was changed.", "Look for a copy of the lost key first.")
    ids = NewTenant(operator.tenant, ApproverId(env.new_id("apr")), owner.id)
    passphrase = new_passphrase(env.random_bytes)
    with new_sealed_key(
        settings.config_dir,
        ids.tenant,
        ids.approver,
        passphrase,
        env.random_bytes,
        is_named=lambda: ids.approver in current_trust(env, operator).approvers,
    ) as (signer, path):
        # 4.
        new = await refound_tenant(env, ids, signer=signer, public_key=signer.public_key, policy=policy)
    # 5.
    projects = await put_back_all(env, operator)
    return Refounded(new, path, projects, len(to_be_signed_again(env, operator)), finished=False)


def tell(env: Environment, done: Refounded) -> None:
    """What holds now, and what is to be done about it."""
    if done.finished:
        say("A refounding that was interrupted is finished now; no other was begun.")
    if done.key is not None:
        say(f"Your new key is sealed in {done.key}. Keep a copy of it apart from this machine.")
    say(f"New trust root {done.trust.root}: hand it to everyone who checks your exports.")
    if done.projects:
        say(f"Back at their first gate: {counted(done.projects, 'open project')}.")
    elif not done.finished:
        say(
            "No open project had anything approved or in review under the old root, so none goes back to its first gate."
        )
    closed = closed_gates(done.trust.policy, len(done.trust.owners_in_force()), env.command)
    for line in closed or ():
        say(line)
    say(
        f"To be signed again: {counted(done.to_sign, 'project')}. {'Then run' if closed else 'Run'}: {env.command} gate review"
        if done.to_sign
        else "Nothing is to be signed again."
    )


def _warn(env: Environment, trust: TrustState, policy: Policy, owner: PersonRow, key: Path | None) -> None:
    """`policy`: what holds under the new root."""
    say("\n".join(WARNING), hang="  ", err=True)
    if closed := closed_gates(policy, 1, env.command, when=" then"):
        say(" ".join(closed), err=True)
    others = trust.owners_in_force() - {owner.id}
    if others:
        enrol = f"{env.command} approver enrol"
        say(f"{counted(len(others), 'other approver')} could still enrol you instead: {enrol}.", err=True)
    if key is not None:
        say(f"A key in force lies in {key}: whoever knows its passphrase needs no new root.", err=True)


def _key_in_force(settings: Settings, trust: TrustState) -> Path | None:
    sealed = find_sealed_keys(settings.config_dir, trust.tenant)
    return next((path for approver, path in sealed if approver in trust.in_force), None)


def _owner(persons: tuple[PersonRow, ...], name: str) -> PersonRow:
    named = [person for person in persons if name in (person.id, person.name)] if name else list(persons)
    if len(named) != 1:
        people = ", ".join(person.name for person in persons)
        raise VdwError(ErrorCode.INVALID_INPUT, "Say whose new key it is.", f"--name, one of: {people}")
    return named[0]
