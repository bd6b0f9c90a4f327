"""An approver's private key, sealed under a passphrase, in the user's own configuration folder; never in the store.

argon2id (RFC 9106) makes a key of the passphrase, AES-256-GCM seals the 32 bytes of the private key with tenant and
approver as associated data. Costs stand in the file and are bounded when it is read: a forged file can neither make
the reader use gigabytes nor make guessing cheap.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vdw.domain.canonical import JsonObject, canonical_bytes, parse_object
from vdw.domain.fields import number
from vdw.domain.ids import ApproverId, TenantId
from vdw.errors import ErrorCode, VdwError
from vdw.folders import make_private
from vdw.trust.files import write_whole
from vdw.trust.passphrase import passphrase_bytes, require_passphrase
from vdw.trust.strict_fields import Fields
from vdw.trust.verify_signature import KEY_BYTES

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SEALED_SCHEMA = "vdw.approver-key/1"
FOLDER = "approvers"
SALT_BYTES = 16
NONCE_BYTES = 12
TAG_BYTES = 16
CIPHER_KEY_BYTES = 32
MAX_FILE_BYTES = 4096
"""Size of a sealed key's file, in bytes; ours have about 400."""


@dataclass(frozen=True, slots=True)
class Cost:
    """argon2id's costs. `memory_kib` in KiB; `passes` over it; `lanes` in parallel."""

    memory_kib: int
    passes: int
    lanes: int


COST = Cost(memory_kib=256 * 1024, passes=3, lanes=4)
"""What new keys get, and the least that is read (decisions: argon2id 256 MiB, t=3)."""
MOST = Cost(memory_kib=1024 * 1024, passes=10, lanes=16)
"""The most that is read: 1 GiB and some seconds, so that a forged file cannot exhaust the machine."""


@dataclass(frozen=True, slots=True)
class _Sealed:
    """What a sealed key's file says. `ciphertext` ends with the tag of AES-GCM."""

    tenant: TenantId
    approver: ApproverId
    cost: Cost
    salt: bytes
    nonce: bytes
    ciphertext: bytes

    @property
    def associated(self) -> bytes:
        """What the seal binds the key to: it opens as this approver's of this tenant, or not at all."""
        return canonical_bytes({"schema": SEALED_SCHEMA, "tenant": self.tenant, "approver": self.approver})

    def as_json(self) -> JsonObject:
        cost = self.cost
        return {
            "schema": SEALED_SCHEMA,
            "tenant": self.tenant,
            "approver": self.approver,
            "kdf": {"name": "argon2id", "memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes},
            "salt": base64.b64encode(self.salt).decode(),
            "nonce": base64.b64encode(self.nonce).decode(),
            "sealed": base64.b64encode(self.ciphertext).decode(),
        }


def create_sealed_key(
    config_dir: Path,
    tenant: TenantId,
    approver: ApproverId,
    passphrase: str,
    random_bytes: Callable[[int], bytes],
    cost: Cost = COST,
) -> tuple[bytes, Path]:
    """A new private key and the file it is sealed in.

    `cost` is for tests; what is cheaper than `COST` is not read again. Raises `VdwError`: invalid_input for a short
    passphrase, configuration where the file cannot be written. An existing file is never replaced.
    """
    require_passphrase(passphrase)
    private = random_bytes(KEY_BYTES)
    empty = _Sealed(tenant, approver, cost, random_bytes(SALT_BYTES), random_bytes(NONCE_BYTES), b"")
    ciphertext = _cipher(passphrase, empty).encrypt(empty.nonce, private, empty.associated)
    path = config_dir / FOLDER / f"{tenant}.{approver}.json"
    _write_new(config_dir, path, canonical_bytes(replace(empty, ciphertext=ciphertext).as_json()))
    return private, path


def find_sealed_keys(config_dir: Path, tenant: TenantId) -> list[tuple[ApproverId, Path]]:
    """(approver, file) of every sealed key for the tenant, by name; nothing is opened."""
    folder = config_dir / FOLDER
    found = sorted(folder.glob(f"{tenant}.*.json")) if folder.is_dir() else []
    return [(ApproverId(path.name.removeprefix(f"{tenant}.").removesuffix(".json")), path) for path in found]


def open_sealed_key(path: Path, passphrase: str, least: Cost = COST) -> tuple[ApproverId, bytes]:
    """(approver, private key).

    `least` is for tests. Raises `VdwError`: signature for a wrong passphrase, configuration for a file that is no
    sealed key, was changed, or names costs outside the bounds.
    """
    from cryptography.exceptions import InvalidTag

    key = _sealed_in(path, least)
    try:
        return key.approver, _cipher(passphrase, key).decrypt(key.nonce, key.ciphertext, key.associated)
    except InvalidTag:
        raise VdwError(ErrorCode.SIGNATURE, "The passphrase is not the one of this key.", "Try again.") from None


def require_sealed_key(path: Path) -> None:
    """Raises `VdwError` (configuration) for a file that no passphrase could open. Nothing is opened."""
    _sealed_in(path, COST)


def _sealed_in(path: Path, least: Cost) -> _Sealed:
    try:
        key = _sealed(parse_object(_read(path), max_bytes=MAX_FILE_BYTES))
    except (TypeError, ValueError) as error:
        raise _damaged(path, repr(error)) from None
    except VdwError as error:
        raise error if error.code is ErrorCode.CONFIGURATION else _damaged(path, error.reason) from None
    if not _within(least, key.cost, MOST):
        raise _damaged(path, f"{key.cost} is outside of {least} to {MOST}")
    return key


def _sealed(value: JsonObject) -> _Sealed:
    """Every part in its only possible form and size. Raises `VdwError`, TypeError or ValueError."""
    fields = Fields("key", value)
    fields.require_exactly("schema", "tenant", "approver", "kdf", "salt", "nonce", "sealed")
    kdf = Fields("key.kdf", fields.object("kdf"))
    kdf.require_exactly("name", "memory_kib", "passes", "lanes")
    if (fields.text("schema"), kdf.text("name")) != (SEALED_SCHEMA, "argon2id"):
        raise ValueError("another schema or derivation")
    cost = Cost(number(kdf.value["memory_kib"]), number(kdf.value["passes"]), number(kdf.value["lanes"]))
    salt, nonce, sealed = (base64.b64decode(fields.text(name), validate=True) for name in ("salt", "nonce", "sealed"))
    if (len(salt), len(nonce), len(sealed)) != (SALT_BYTES, NONCE_BYTES, KEY_BYTES + TAG_BYTES):
        raise ValueError("a salt, nonce or ciphertext of another size")
    return _Sealed(TenantId(fields.id("tenant")), ApproverId(fields.id("approver")), cost, salt, nonce, sealed)


def _cipher(passphrase: str, key: _Sealed) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    cost = key.cost
    kdf = Argon2id(
        salt=key.salt, length=CIPHER_KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    try:
        return AESGCM(kdf.derive(passphrase_bytes(passphrase)))
    except MemoryError:
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"Opening or sealing an approver key takes {cost.memory_kib // 1024} MiB of memory, which are not free.",
            "Close something and try again.",
        ) from None


def _within(least: Cost, cost: Cost, most: Cost) -> bool:
    return (
        least.memory_kib <= cost.memory_kib <= most.memory_kib
        and least.passes <= cost.passes <= most.passes
        and 1 <= cost.lanes <= most.lanes
    )


def _write_new(config_dir: Path, path: Path, body: bytes) -> None:
    try:
        if path.exists():
            raise FileExistsError(path)
        make_private(config_dir)
        write_whole(path, body)
    except OSError as error:
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"{path} cannot be written, so no key was made.",
            "Make its folder writable, or choose another with --config-dir.",
            reason=repr(error),
        ) from None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        why = (error.strerror or "unreadable").lower()
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"{path} cannot be read: {why}.",
            f"Give this user the right to: chmod 600 {path}",
            reason=repr(error),
        ) from None


def _damaged(path: Path, reason: str) -> VdwError:
    return VdwError(
        ErrorCode.CONFIGURATION, f"{path} is not a sealed approver key.", "Restore it from your copy.", reason=reason
    )
