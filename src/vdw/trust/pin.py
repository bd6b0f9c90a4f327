"""`trust.json`: the root and the newest head seen of each tenant's log, kept outside the store.

Whoever can write the store cannot move the pin. A head only ever moves forward; a root changes only to the one that
was announced here before the store held it (`refounding`).
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from vdw.domain.canonical import Digest, JsonObject, canonical_bytes, parse_object
from vdw.domain.fields import mapping, number
from vdw.domain.ids import TenantId
from vdw.errors import ErrorCode, VdwError
from vdw.folders import make_private
from vdw.trust.files import write_whole
from vdw.trust.strict_fields import Fields

PIN_SCHEMA = "vdw.trust/1"
MAX_PIN_BYTES = 1024 * 1024
"""Size of trust.json, in bytes: about 4,000 tenants."""
_ANNOUNCED = "refounding"
"""Field of a tenant's pin, from the announcement of a new root until the pin has moved to it."""


@dataclass(frozen=True, slots=True)
class Pin:
    """`root` founds the log; `head` is the hash of the entry at `position`, the newest that was verified."""

    root: Digest
    head: Digest
    position: int


@dataclass(frozen=True, slots=True)
class Pins:
    """What one trust.json holds."""

    path: Path
    tenants: Mapping[str, Pin]
    announced: Mapping[str, Pin] = field(default_factory=dict)
    """Tenant → the pin that a refounding, begun and not yet finished, will end with."""

    def require(self, tenant: TenantId) -> Pin:
        """Raises `VdwError` (trust) where the tenant is not pinned."""
        found = self.tenants.get(tenant)
        if found is None:
            raise VdwError(
                ErrorCode.TRUST,
                f"{self.path} does not pin the root of this tenant's trust log.",
                "Use the trust.json that `vdw init` wrote (VDW_TRUST says where), or get it from the tenant's approvers. To "
                "become one of them: `vdw approver join NAME --root ROOT`.",
                reason=f"tenant {tenant}",
            )
        return found


def read_pins(path: Path) -> Pins:
    """What is pinned; nothing where the file is not there. Raises `VdwError` (trust) for a damaged file."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_PIN_BYTES + 1)
    except FileNotFoundError:
        return Pins(path, {})
    except OSError as error:
        raise _unreadable(path, repr(error)) from None
    try:
        value = parse_object(raw, max_bytes=MAX_PIN_BYTES)
        if set(value) != {"schema", "tenants"} or value["schema"] != PIN_SCHEMA:
            raise _unreadable(path, "another schema")
        return _pins(path, mapping(value["tenants"]))
    except TypeError as error:
        raise _unreadable(path, repr(error)) from None
    except VdwError as error:
        raise _unreadable(path, error.reason) from None


def save_pin(path: Path, tenant: TenantId, pin: Pin) -> None:
    """Pins a tenant that is not pinned, or moves its head forward.

    The caller has verified the log up to this head. Raises `VdwError` (trust) for another root, or another head at the
    pinned position: both are other logs.
    """
    if _says_more(path, read_pins(path).tenants.get(tenant), pin):
        with _alone(path) as pins:
            if _says_more(path, pins.tenants.get(tenant), pin):
                _write(_with_pin(pins, tenant, pin))


def announce_pin(path: Path, tenant: TenantId, lost: Pin, new: Pin) -> None:
    """Announces the pin under a new root, for as long as the tenant's pin is `lost`: a head that moves forward under
    the old root takes the announcement back. For `vdw approver refound` alone, which a human runs and which says so.

    Raises `VdwError` (conflict) where something else is pinned by now.
    """
    with _alone(path) as pins:
        if pins.tenants.get(tenant) != lost:
            raise VdwError(ErrorCode.CONFLICT, "The trust log has moved on.", "Run it again.")
        _write(replace(pins, announced={**pins.announced, tenant: new}))


def move_to_announced(path: Path, tenant: TenantId, new: Pin) -> None:
    """Pins what was announced; the announcement is over. Nothing happens where another process has done it.

    Raises `VdwError` (trust) where something else is announced.
    """
    with _alone(path) as pins:
        if pins.announced.get(tenant) == new:
            _write(_with_pin(pins, tenant, new))
        else:
            _says_more(path, pins.tenants.get(tenant), new)  # another process has pinned it, or it is another log's


def _write(pins: Pins) -> None:
    write_whole(pins.path, _body(pins))


@contextmanager
def _alone(path: Path) -> Iterator[Pins]:
    """What the file holds, while no other process changes it. Raises `VdwError` (trust) where it cannot be written."""
    try:
        with _locked(path):
            yield read_pins(path)
    except OSError as error:
        raise VdwError(
            ErrorCode.TRUST,
            f"{path} cannot be written, so the trust log's head cannot be pinned.",
            "Make its folder writable, or set VDW_TRUST.",
            reason=repr(error),
        ) from None


def _with_pin(pins: Pins, tenant: TenantId, pin: Pin) -> Pins:
    announced = {name: item for name, item in pins.announced.items() if name != tenant}
    return replace(pins, tenants={**pins.tenants, tenant: pin}, announced=announced)


def _says_more(path: Path, known: Pin | None, pin: Pin) -> bool:
    """Whether `pin` is news beside what is known. Raises `VdwError` (trust) if the two cannot be of one log."""
    if known is None:
        return True
    if known.root != pin.root or (known.position == pin.position and known.head != pin.head):
        raise VdwError(
            ErrorCode.TRUST,
            f"{path} pins another trust log for this tenant.",
            "Nothing was changed; find out which of the two logs is yours before you go on.",
            reason=f"pinned {known}, offered {pin}",
        )
    return known.position < pin.position


def _body(pins: Pins) -> bytes:
    listed: JsonObject = {}
    for name, pin in pins.tenants.items():
        listed[name] = _pin_json(pin)
        if name in pins.announced:
            listed[name] = {**_pin_json(pin), _ANNOUNCED: _pin_json(pins.announced[name])}
    return canonical_bytes({"schema": PIN_SCHEMA, "tenants": listed}) + b"\n"


def _pin_json(pin: Pin) -> JsonObject:
    return {"root": pin.root, "head": pin.head, "position": pin.position}


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Alone among all processes that write this file. The lock lies beside it, since the file itself is replaced."""
    make_private(path.parent)
    with path.with_name(path.name + ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _pins(path: Path, listed: JsonObject) -> Pins:
    tenants: dict[str, Pin] = {}
    announced: dict[str, Pin] = {}
    for name, item in listed.items():
        value = dict(mapping(item))
        if _ANNOUNCED in value:
            announced[name] = _pin(name, mapping(value.pop(_ANNOUNCED)))
        tenants[name] = _pin(name, value)
    return Pins(path, tenants, announced)


def _pin(name: str, value: JsonObject) -> Pin:
    fields = Fields(f"tenants.{name[:80]}", value)
    fields.require_exactly("root", "head", "position")
    return Pin(fields.digest("root"), fields.digest("head"), number(value["position"]))


def _unreadable(path: Path, reason: str) -> VdwError:
    return VdwError(
        ErrorCode.TRUST, f"{path} is damaged or cannot be read.", "Restore it from your copy.", reason=reason
    )
