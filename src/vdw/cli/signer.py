"""The human's signer for one sitting: unsealed once, kept for at most ten minutes, in this process only.

1. The keys here that are in force; 2. whose of them signs, asked where they are several people's, since one passphrase
may open the keys of two; 3. those of that person's whose signature would count; 4. the passphrase.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from vdw.cli.screen import say
from vdw.domain.ids import NOBODY, ApproverId, PersonId, TenantId
from vdw.errors import ErrorCode, VdwError

if TYPE_CHECKING:
    from vdw.config import Settings
    from vdw.service.environment import Environment
    from vdw.trust.signer import DecisionSigner
    from vdw.trust.state import TrustState

SITTING = timedelta(minutes=10)

Counts = Callable[[ApproverId], None]
"""Raises `VdwError` where a signature by this approver would count for nothing."""


def counts_always(_approver: ApproverId) -> None:
    """For what any approver in force may sign."""


class Sitting:
    """Asks for the passphrase when a signature is first needed, and again when the sitting is over."""

    def __init__(self, env: Environment, settings: Settings, tenant: TenantId) -> None:
        self._env = env
        self._settings = settings
        self._tenant = tenant
        self._owner = NOBODY
        self._signer: DecisionSigner | None = None
        self._until: datetime | None = None

    def require_any(self, counts: Counts) -> None:
        """Nobody types a passphrase for nothing. May ask whose key signs. Raises what `counts` raises for whoever
        signs, (configuration) where they have no key here."""
        self._keys(counts)

    def signer(self, counts: Counts = counts_always) -> DecisionSigner:
        """Raises like `require_any`, and `VdwError` (signature) for a wrong passphrase."""
        keys, now = self._keys(counts), self._env.clock()
        if self._signer is None or self._until is None or now >= self._until or self._signer.keyid not in keys:
            say(f"You sign as {self._names([self._owner])[self._owner]}.", err=True)
            # 4.
            self._signer = _opened(list(keys.values()))
            self._until = now + SITTING
        return self._signer

    def _keys(self, counts: Counts) -> dict[ApproverId, Path]:
        from vdw.trust.sealed_key import find_sealed_keys

        # 1.
        trust = self._env.store.read(lambda reader: self._env.trust.state(reader, self._tenant))
        sealed = dict(find_sealed_keys(self._settings.config_dir, self._tenant))
        here = {approver: path for approver, path in sealed.items() if approver in trust.in_force}
        if not here:
            raise self._no_key(trust, list(sealed))
        # 2.
        owners = sorted({trust.owner_of(approver) for approver in here})
        if self._owner not in owners:
            self._owner = owners[0] if len(owners) == 1 else self._asked(owners)
        # 3.
        mine = {approver: path for approver, path in here.items() if trust.owner_of(approver) == self._owner}
        refused = {approver: refusal for approver in mine if (refusal := _refusal(counts, approver)) is not None}
        if len(refused) == len(mine):
            raise next(iter(refused.values()))
        return {approver: path for approver, path in mine.items() if approver not in refused}

    def _asked(self, owners: Sequence[PersonId]) -> PersonId:
        """Whose key it is to be; asked again until it is one of them."""
        import typer

        from vdw.cli.asking import require_person

        require_person("Keys of several people lie here, so whose key signs is asked", "Run it in a terminal.")
        names = self._names(owners)
        if len(set(names.values())) < len(names):
            names = {owner: f"{name} {owner}" for owner, name in names.items()}
        while True:
            answer = typer.prompt(f"Whose key signs? One of {', '.join(sorted(names.values()))}", err=True).strip()
            for owner, name in names.items():
                if answer in (owner, name):
                    return owner

    def _names(self, owners: Sequence[PersonId]) -> dict[PersonId, str]:
        from vdw.artifacts.markdown import visible

        rows = self._env.store.read(lambda reader: reader.persons(self._tenant))
        names = {row.id: visible(row.name) for row in rows}
        return {owner: names.get(owner, owner) for owner in owners}

    def _no_key(self, trust: TrustState, sealed: Sequence[ApproverId]) -> VdwError:
        ended = [approver for approver in sealed if approver in trust.approvers]
        if ended:
            return VdwError(
                ErrorCode.CONFIGURATION,
                f"Your key {ended[0]} was ended in the trust log, entry {trust.approvers[ended[0]].until}.",
                "It signs nothing any more. Make a new one, and have it enrolled: vdw approver join NAME",
            )
        if sealed:
            return VdwError(
                ErrorCode.CONFIGURATION,
                "Your key is not enrolled yet, so it signs nothing.",
                "Have an approver enrol it: vdw approver enrol FILE, with what your vdw approver join wrote.",
            )
        return VdwError(
            ErrorCode.CONFIGURATION,
            f"No approver key of yours for this store lies in {self._settings.config_dir}.",
            "Copy it there, or make one and have it enrolled: vdw approver join NAME. "
            "If the only key is lost for good: vdw approver refound.",
        )


def _refusal(counts: Counts, approver: ApproverId) -> VdwError | None:
    try:
        counts(approver)
    except VdwError as refusal:
        return refusal
    return None


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
