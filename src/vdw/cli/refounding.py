"""`vdw approver refound`: a new root after the only approver's key was lost. Says what that costs, and asks for a yes.

1. It says what ends, and who could still help the ordinary way; 2. the human types the word; 3. the new root is announced
beside the pin and committed, and the pin on this machine moves, on no other.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import typer

from vdw.cli.asking import require_person
from vdw.cli.context import Composition
from vdw.cli.passphrases import new_passphrase
from vdw.cli.screen import say
from vdw.errors import ErrorCode, VdwError
from vdw.service.environment import Environment
from vdw.service.founding import NewTenant, refound_tenant
from vdw.store.interface import PersonRow
from vdw.trust.sealed_key import create_sealed_key
from vdw.trust.signer import KeySigner
from vdw.trust.state import TrustState

WORD = "refound"
WARNING = """THE TRUST OF THIS STORE BEGINS ANEW.
  - No approval or waiver signed so far opens a gate any more: open iterations are signed again, gate by gate.
  - What was completed stays completed, and every report from now on says that the root was lost.
  - Everyone who checks your exports needs the new root from you, on another way than this store.
  - All other approvers lose their keys' force and are enrolled again."""


async def refound(env: Environment, found: Composition, name: str) -> tuple[TrustState, Path]:
    """The trust under the new root, and where the new key is sealed. Raises `VdwError` (configuration) for a wrong word."""
    operator, settings = found.operator(), found.settings
    persons = env.store.read(lambda reader: reader.persons(operator.tenant))
    owner = _owner(persons, name)
    trust = env.store.read(lambda reader: env.trust.state(reader, operator.tenant))
    require_person("A new root is begun", "Run it in a terminal.")
    # 1.
    others = trust.owners_in_force() - {owner.id}
    say(WARNING, err=True)
    if others:
        say(f"{len(others)} other approver(s) could still enrol you instead: vdw approver enrol.", err=True)
    # 2.
    typer.echo(f"Type {WORD} to go on: ", nl=False, err=True)
    if sys.stdin.readline().strip() != WORD:
        raise VdwError(ErrorCode.CONFIGURATION, "Nothing was changed.", "Look for a copy of the lost key first.")
    ids = NewTenant(operator.tenant, env.new_id("apr"), owner.id)
    passphrase = new_passphrase(env.random_bytes)
    private, path = create_sealed_key(settings.config_dir, ids.tenant, ids.approver, passphrase, env.random_bytes)
    signer = KeySigner(ids.approver, private)
    # 3.
    new = await refound_tenant(
        env, ids, signer=signer, public_key=signer.public_key, policy=replace(trust.policy, quorum=1)
    )
    return new, path


def _owner(persons: tuple[PersonRow, ...], name: str) -> PersonRow:
    named = [person for person in persons if name in (person.id, person.name)] if name else list(persons)
    if len(named) != 1:
        people = ", ".join(person.name for person in persons)
        raise VdwError(ErrorCode.INVALID_INPUT, "Say whose new key it is.", f"--name, one of: {people}")
    return named[0]
