"""Signing a change of approvers or policy at a terminal, alone or in turn with others.

1. There is room for the file; 2. what is signed is shown, every field; 3. the passphrase is asked for; 4. with enough
signatures it is handed in, else it is written to a file for the next signer. The file is written before anything is
handed in, so that no signature is lost.
"""

from __future__ import annotations

from pathlib import Path

from vdw.cli.asking import require_writable
from vdw.cli.change_words import change_text, standing_text
from vdw.cli.context import Composition, answer
from vdw.cli.files import read_file
from vdw.cli.screen import say
from vdw.cli.signer import Sitting
from vdw.domain.canonical import digest_bytes
from vdw.service.answers import AcceptedStatement
from vdw.service.approvers import current_trust
from vdw.service.environment import Environment
from vdw.service.proposing import Change, Examined, add_signature, examine, propose, require_proposable, submit
from vdw.store.interface import PersonRow
from vdw.trust.files import write_whole
from vdw.trust.proposal import MAX_PROPOSAL_BYTES, read_proposal

ELSEWHERE = "Run it in a folder of yours, on a copy of the file if there is one."


async def sign_change(
    env: Environment,
    found: Composition,
    change: Change,
    done: str,
    *,
    newcomer: PersonRow | None = None,
    as_json: bool = False,
) -> AcceptedStatement | None:
    """The change is in the log (answered then), or on its way in a file in this folder. `done` says what holds once it
    is in the log."""
    operator = found.operator()
    trust = current_trust(env, operator)
    require_proposable(trust, change)
    # 1.
    if trust.policy.quorum > 1:
        require_writable(Path.cwd(), ELSEWHERE)
    # 2.
    names = {row.id: row.name for row in env.store.read(lambda reader: reader.persons(operator.tenant))}
    names |= {newcomer.id: newcomer.name} if newcomer else {}
    say(change_text(change, trust, names, env.command), err=as_json)
    # 3.
    signer = Sitting(env, found.settings, operator.tenant).signer()
    # 4.
    proposed = await propose(env, operator, signer, change, newcomer)
    if proposed.accepted is not None:
        _tell_accepted(proposed.accepted, done, as_json=as_json)
        return proposed.accepted
    file = Path(f"vdw-{change.type.name.lower()}-{digest_bytes(proposed.examined.proposal.envelope.payload)[:8]}.json")
    write_whole(file, proposed.examined.proposal.body())
    _tell_waiting(proposed.examined, file, as_json=as_json)
    return None


async def cosign_file(env: Environment, found: Composition, file: Path, *, as_json: bool) -> None:
    """The file holds this person's signature too; if it was the last one missing, the change is in the log."""
    operator = found.operator()
    proposal = read_file(file, MAX_PROPOSAL_BYTES, read_proposal)
    examined = examine(env, operator, proposal)
    # 1.
    sitting = Sitting(env, found.settings, operator.tenant)
    sitting.require_any(examined.require_counts)
    require_writable(file.parent, ELSEWHERE)
    # 2.
    say(change_text(examined.change, examined.trust, examined.names, env.command), err=as_json)
    say(standing_text(examined), err=as_json)
    # 3.
    signer = sitting.signer(examined.require_counts)
    signed = await add_signature(env, operator, signer, proposal)
    # 4.
    write_whole(file, signed.proposal.body())
    if signed.standing.missing:
        _tell_waiting(signed, file, as_json=as_json)
        return
    accepted = await submit(env, operator, signed.proposal)
    _tell_accepted(accepted, "Signed and handed in: it is in force", as_json=as_json)


async def submit_file(env: Environment, found: Composition, file: Path, *, as_json: bool) -> None:
    """The change in the file is in the log. Asks for no passphrase: the signatures are in the file."""
    accepted = await submit(env, found.operator(), read_file(file, MAX_PROPOSAL_BYTES, read_proposal))
    _tell_accepted(accepted, "Handed in: it is in force", as_json=as_json)


def _tell_waiting(examined: Examined, file: Path, *, as_json: bool) -> None:
    told = {
        "file": str(file),
        "signed": [each.id for each in examined.standing.signed],
        "missing": examined.standing.missing,
        "next": f"vdw approver cosign {file}",
    }
    words = (
        standing_text(examined),
        f"{file} holds it. Give it to the next one, who runs: vdw approver cosign {file.name}",
        "It has a week, and takes effect only if nothing else is decided before: any other entry makes it void.",
    )
    answer(told, "\n".join(words), as_json=as_json)


def _tell_accepted(accepted: AcceptedStatement, words: str, *, as_json: bool) -> None:
    answer(accepted.model_dump(mode="json"), f"{words} (log entry {accepted.position}).", as_json=as_json)
