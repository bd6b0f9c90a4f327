"""An approver's private key, sealed under a passphrase, in the user's own configuration folder; never in the store.

argon2id (RFC 9106) makes a key of the passphrase, AES-256-GCM seals the 32 bytes of the private key with tenant and
approver as associated data. Costs stand in the file and are bounded when it is read: a forged file can neither make
the reader use gigabytes nor make guessing cheap.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vdw.domain.canonical import JsonObject, canonical_bytes, parse_object
from vdw.domain.fields import number, text
from vdw.errors import ErrorCode, VdwError, invalid
from vdw.trust.passphrase import MIN_PASSPHRASE_CHARACTERS
from vdw.trust.signer import KEY_BYTES

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SEALED_SCHEMA = "vdw.approver-key/1"
FOLDER = "approvers"
FILE_MODE = 0o600
SALT_BYTES = 16
NONCE_BYTES = 12
MAX_FILE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Cost:
    """argon2id's costs. `memory_kib` in KiB; `passes` over it; `lanes` in parallel."""

    memory_kib: int
    passes: int
    lanes: int


COST = Cost(memory_kib=256 * 1024, passes=3, lanes=4)
"""What new keys get, and the least that is read (decisions: argon2id 256 MiB, t=3)."""
MOST = Cost(memory_kib=1024 * 1024, passes=10, lanes=16)


def create_sealed_key(
    config_dir: Path,
    tenant: str,
    approver: str,
    passphrase: str,
    random_bytes: Callable[[int], bytes],
    cost: Cost = COST,
) -> tuple[bytes, Path]:
    """A new private key and the file it is sealed in. Raises `VdwError` (invalid_input) for a short passphrase,
    (configuration) where the file cannot be written; an existing file is never replaced."""
    if len(passphrase) < MIN_PASSPHRASE_CHARACTERS:
        raise invalid("passphrase", f"at least {MIN_PASSPHRASE_CHARACTERS} characters")
    private = random_bytes(KEY_BYTES)
    salt, nonce = random_bytes(SALT_BYTES), random_bytes(NONCE_BYTES)
    sealed = _cipher(passphrase, salt, cost).encrypt(nonce, private, _associated(tenant, approver))
    value: JsonObject = {
        "schema": SEALED_SCHEMA,
        "tenant": tenant,
        "approver": approver,
        "kdf": {"name": "argon2id", "memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes},
        "salt": _encoded(salt),
        "nonce": _encoded(nonce),
        "sealed": _encoded(sealed),
    }
    path = config_dir / FOLDER / f"{tenant}.{approver}.json"
    _write_new(path, canonical_bytes(value))
    return private, path


def find_sealed_keys(config_dir: Path, tenant: str) -> list[tuple[str, Path]]:
    """(approver, file) of every sealed key for the tenant, by name; nothing is opened."""
    folder = config_dir / FOLDER
    found = sorted(folder.glob(f"{tenant}.*.json")) if folder.is_dir() else []
    return [(path.name.removeprefix(f"{tenant}.").removesuffix(".json"), path) for path in found]


def open_sealed_key(path: Path, passphrase: str, least: Cost = COST) -> tuple[str, bytes]:
    """(approver, private key). Raises `VdwError` (signature) for a wrong passphrase, (configuration) for a file that is
    no sealed key or names costs outside the bounds."""
    from cryptography.exceptions import InvalidTag

    value = _read(path)
    try:
        kdf = parse_object(canonical_bytes(value["kdf"]))
        cost = Cost(number(kdf["memory_kib"]), number(kdf["passes"]), number(kdf["lanes"]))
        tenant, approver = text(value["tenant"]), text(value["approver"])
        salt, nonce, sealed = (
            base64.b64decode(text(value[name]), validate=True) for name in ("salt", "nonce", "sealed")
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path, repr(error)) from None
    if kdf.get("name") != "argon2id" or not _within(least, cost, MOST) or len(nonce) != NONCE_BYTES:
        raise _damaged(path, f"costs {cost}")
    try:
        return approver, _cipher(passphrase, salt, cost).decrypt(nonce, sealed, _associated(tenant, approver))
    except InvalidTag:
        raise VdwError(ErrorCode.SIGNATURE, "The passphrase is not the one of this key.", "Try again.") from None


def _cipher(passphrase: str, salt: bytes, cost: Cost) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib)
    return AESGCM(kdf.derive(passphrase.encode()))


def _within(least: Cost, cost: Cost, most: Cost) -> bool:
    return (
        least.memory_kib <= cost.memory_kib <= most.memory_kib
        and least.passes <= cost.passes <= most.passes
        and 1 <= cost.lanes <= most.lanes
    )


def _associated(tenant: str, approver: str) -> bytes:
    return canonical_bytes({"schema": SEALED_SCHEMA, "tenant": tenant, "approver": approver})


def _write_new(path: Path, body: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"{path} cannot be written, so no key was made.",
            "Make its folder writable, or choose another with --config-dir.",
            reason=repr(error),
        ) from None


def _read(path: Path) -> JsonObject:
    try:
        with path.open("rb") as file:
            value = parse_object(file.read(MAX_FILE_BYTES + 1), max_bytes=MAX_FILE_BYTES)
    except OSError as error:
        raise _damaged(path, repr(error)) from None
    except VdwError as error:
        raise _damaged(path, error.reason) from None
    if value.get("schema") != SEALED_SCHEMA:
        raise _damaged(path, "another schema")
    return value


def _damaged(path: Path, reason: str) -> VdwError:
    return VdwError(
        ErrorCode.CONFIGURATION, f"{path} is not a sealed approver key.", "Restore it from your copy.", reason=reason
    )


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
