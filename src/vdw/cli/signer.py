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
        mine = [
            path
            for approver, path in find_sealed_keys(self._settings.config_dir, self._tenant)
            if approver in trust.in_force
        ]
        if not mine:
            raise VdwError(
                ErrorCode.CONFIGURATION,
                f"No approver key of yours for this store lies in {self._settings.config_dir}.",
                "Copy it there, or have another approver enrol you: vdw approver enrol. "
                "If the only key is lost for good: vdw approver refound.",
            )
        return _opened(mine[0])


def _opened(path: Path) -> DecisionSigner:
    """A slip of the finger does not cost the comments that were typed before."""

    from vdw.cli.passphrases import TRIES, ask_passphrase
    from vdw.trust.sealed_key import open_sealed_key
    from vdw.trust.signer import KeySigner

    for _ in range(TRIES - 1):
        try:
            return KeySigner(*open_sealed_key(path, ask_passphrase()))
        except VdwError as error:
            if error.code is not ErrorCode.SIGNATURE:
                raise
            say(error.public, err=True)
    return KeySigner(*open_sealed_key(path, ask_passphrase()))
