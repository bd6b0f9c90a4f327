"""The human's signer for one sitting: unsealed once, kept for at most ten minutes, in this process only."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from vdw.cli.screen import say
from vdw.errors import ErrorCode, VdwError

if TYPE_CHECKING:
    from pathlib import Path

    from vdw.config import Settings
    from vdw.service.environment import Environment
    from vdw.trust.signer import DecisionSigner

SITTING = timedelta(minutes=10)


class Sitting:
    """Asks for the passphrase when a signature is first needed, and again when the sitting is over."""

    def __init__(self, env: Environment, settings: Settings, tenant: str) -> None:
        self._env = env
        self._settings = settings
        self._tenant = tenant
        self._signer: DecisionSigner | None = None
        self._until: datetime | None = None

    def signer(self) -> DecisionSigner:
        """Raises `VdwError` (signature) for a wrong passphrase, (configuration) where this person has no key here."""
        now = self._env.clock()
        if self._signer is None or self._until is None or now >= self._until:
            self._signer = self._unsealed()
            self._until = now + SITTING
        return self._signer

    def _unsealed(self) -> DecisionSigner:
        from vdw.trust.sealed_key import find_sealed_keys

        trust = self._env.store.read(lambda reader: self._env.trust.state(reader, self._tenant))
        sealed = dict(find_sealed_keys(self._settings.config_dir, self._tenant))
        mine = {approver: path for approver, path in sealed.items() if approver in trust.in_force}
        if mine:
            self._say_who(frozenset(trust.owner_of(approver) for approver in mine))
            return _opened(list(mine.values()))
        ended = [approver for approver in sealed if approver in trust.approvers]
        if ended:
            raise VdwError(
                ErrorCode.CONFIGURATION,
                f"Your key {ended[0]} was ended in the trust log, entry {trust.approvers[ended[0]].until}.",
                "It signs nothing any more. Make a new one, and have it enrolled: vdw approver join NAME",
            )
        if sealed:
            raise VdwError(
                ErrorCode.CONFIGURATION,
                "Your key is not enrolled yet, so it signs nothing.",
                "Have an approver enrol it: vdw approver enrol FILE, with what your vdw approver join wrote.",
            )
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"No approver key of yours for this store lies in {self._settings.config_dir}.",
            "Copy it there, or make one and have it enrolled: vdw approver join NAME. "
            "If the only key is lost for good: vdw approver refound.",
        )

    def _say_who(self, owners: frozenset[str]) -> None:
        from vdw.artifacts.markdown import visible

        rows = self._env.store.read(lambda reader: reader.persons(self._tenant))
        names = {row.id: visible(row.name) for row in rows}
        people = ", ".join(sorted(names.get(owner, owner) for owner in owners))
        who = people if len(owners) == 1 else f"one of {people}: by whose passphrase you give"
        say(f"You sign as {who}.", err=True)


def keys_here(env: Environment, settings: Settings, tenant: str) -> tuple[str, ...]:
    """The approvers in force whose sealed keys lie in this person's folder."""
    from vdw.trust.sealed_key import find_sealed_keys

    trust = env.store.read(lambda reader: env.trust.state(reader, tenant))
    return tuple(each for each, _ in find_sealed_keys(settings.config_dir, tenant) if each in trust.in_force)


def _opened(paths: list[Path]) -> DecisionSigner:
    """A slip of the finger does not cost the comments that were typed before."""

    from vdw.cli.passphrases import TRIES, ask_passphrase

    for _ in range(TRIES - 1):
        try:
            return _fitting(paths, ask_passphrase())
        except VdwError as error:
            if error.code is not ErrorCode.SIGNATURE:
                raise
            say(error.public, err=True)
    return _fitting(paths, ask_passphrase())


def _fitting(paths: list[Path], passphrase: str) -> DecisionSigner:
    """The key that this passphrase opens: whoever shares a folder with another finds their own."""
    from vdw.trust.sealed_key import open_sealed_key
    from vdw.trust.signer import KeySigner

    *others, last = paths
    for path in others:
        try:
            return KeySigner(*open_sealed_key(path, passphrase))
        except VdwError as error:
            if error.code is not ErrorCode.SIGNATURE:
                raise
    return KeySigner(*open_sealed_key(last, passphrase))
