"""JSON in one form: strict reading, RFC 8785 writing, SHA-256 over it.

Reading refuses what two readers could understand differently (duplicate keys, NaN, floats, lone
surrogates, invalid UTF-8) and what could exhaust us (size, depth). Documents hold no floats:
a number with a fraction is a decimal string with a unit beside it.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NewType, cast

from vdw.errors import ErrorCode, VdwError, invalid

Digest = NewType("Digest", str)
"""SHA-256 as 64 lower-case hexadecimal characters."""

JsonValue = None | bool | int | str | list["JsonValue"] | dict[str, "JsonValue"]
JsonObject = dict[str, JsonValue]

MAX_INTEGER = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly (RFC 8785 section 3.2.2.3)."""

MAX_DEPTH = 32
"""Nesting of a document, in levels. Ours use at most 8; the rest is head room."""

MAX_DOCUMENT_BYTES = 3 * 1024 * 1024
"""Size of one document in a call, in bytes (decisions: 3 MiB a call, larger by element changes)."""

MAX_KEY_SHOWN = 80
"""Most of a key that a refusal repeats, in characters: enough to find it, and no answer grows with what was sent."""

ZERO_DIGEST = Digest("0" * 64)
"""What stands before the first entry of a chain."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """How deep a value may nest, in levels, and whether finite floats may stand in it."""

    depth: int
    fractions: bool


_DOCUMENT = Allowed(MAX_DEPTH, fractions=False)


def digest_bytes(data: bytes) -> Digest:
    """SHA-256 of the bytes."""
    return Digest(hashlib.sha256(data).hexdigest())


def canonical_bytes(value: object) -> bytes:
    """The RFC 8785 form. Raises `VdwError` (invalid_input) with the path of the first value that has none."""
    if _is_usual(value):
        return _WRITER.encode(value).encode()
    import rfc8785

    require_plain(value)
    return rfc8785.dumps(value)  # type: ignore[arg-type]  # require_plain has just checked the shape


def digest_of(value: object) -> Digest:
    """SHA-256 of the RFC 8785 form."""
    return digest_bytes(canonical_bytes(value))


def require_plain(value: object, path: str = "$", allowed: Allowed = _DOCUMENT) -> None:
    """Raises unless the value is JSON without floats, out-of-range integers, lone surrogates or deep nesting.

    `path`: what the value is called in the refusal.
    """
    if not _is_usual(value, allowed.depth):
        _require_plain(value, path, 0, allowed)


def _is_usual(value: object, depth: int = MAX_DEPTH) -> bool:
    """Whether the value is certainly plain, and its keys are ASCII, so that every order of them is the same.

    Then the standard library's writer gives the RFC 8785 form too, in a fifth of the time. Level by level, since every
    document and every entry of the trust log comes through here: generators over each container take twice as long.
    """
    level = [value]
    for _ in range(depth + 1):
        within: list[object] = []
        for item in level:
            if isinstance(item, str):
                if not (item.isascii() or is_unicode(item)):
                    return False
            elif isinstance(item, dict):
                if not all(isinstance(key, str) and key.isascii() for key in item):
                    return False
                within += item.values()
            elif isinstance(item, list | tuple):
                within += item
            elif not (item is None or (isinstance(item, int) and -MAX_INTEGER <= item <= MAX_INTEGER)):
                return False
        if not within:
            return True
        level = within
    return False


def _require_plain(value: object, path: str, depth: int, allowed: Allowed) -> None:
    if depth > allowed.depth:
        raise invalid(path, f"nested deeper than {allowed.depth} levels")
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise invalid(path, "an integer beyond 2^53-1; write it as a string")
        return
    if isinstance(value, str):
        _require_unicode(value, path)
        return
    if isinstance(value, float):
        _require_finite(value, path, allowed)
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise invalid(path, "a key that is not text")
            _require_unicode(key, path)
            _require_plain(item, f"{path}.{key[:MAX_KEY_SHOWN]}", depth + 1, allowed)
        return
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        for index, item in enumerate(value):
            _require_plain(item, f"{path}[{index}]", depth + 1, allowed)
        return
    raise invalid(path, f"a {type(value).__name__}, which JSON does not have")


def call_bytes(arguments: Mapping[str, object]) -> int:
    """Size of a call's arguments as they are held against `MAX_DOCUMENT_BYTES`, in bytes: as JSON, with its escapes."""
    return len(json.dumps(arguments, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def parse_json(data: bytes | str, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> JsonValue:
    """Reads a document as `read_json` does, without floats and no deeper than `MAX_DEPTH`."""
    return cast("JsonValue", read_json(data, max_bytes=max_bytes, allowed=_DOCUMENT))


def parse_object(data: bytes | str, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> JsonObject:
    """`parse_json` that refuses anything but an object."""
    value = parse_json(data, max_bytes=max_bytes)
    if not isinstance(value, dict):
        raise invalid("$", "must be a JSON object", {})
    return value


def read_json(data: bytes | str, *, max_bytes: int, allowed: Allowed) -> object:
    """Reads JSON strictly.

    Raises `VdwError`: too_large above `max_bytes`; invalid_input for anything that is not UTF-8 JSON, has a duplicate
    key, a number that readers do not keep, a lone surrogate, or more than is `allowed`.
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > max_bytes:
        raise VdwError(
            ErrorCode.TOO_LARGE,
            f"The document has {len(raw)} bytes; {max_bytes} is the most one call takes.",
            "Send it in parts as element changes.",
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise invalid(f"byte {error.start}", "not valid UTF-8") from None
    try:
        value: object = (_FRACTIONS_READER if allowed.fractions else _READER).decode(text)
    except RecursionError:
        raise invalid("$", f"nested deeper than {allowed.depth} levels") from None
    except json.JSONDecodeError as error:
        raise invalid(f"line {error.lineno}, column {error.colno}", "not valid JSON") from None
    except ValueError:
        raise invalid("$", "an integer with too many digits") from None
    require_plain(value, allowed=allowed)
    return value


def _require_unicode(text: str, path: str) -> None:
    if not is_unicode(text):
        raise invalid(_shown(path), "a lone surrogate, which is not a character")


def _require_finite(value: float, path: str, allowed: Allowed) -> None:
    if not allowed.fractions:
        raise invalid(path, "a number with a fraction; write it as a decimal string", "99.5")
    if not math.isfinite(value):
        raise invalid(path, "a number too large for readers to keep")


def is_unicode(text: str) -> bool:
    """Whether the text has no lone surrogate, so that it can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unique_object(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    result = dict(pairs)
    if len(result) < len(pairs):
        ((twice, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise invalid(f"$..{_shown(twice[:MAX_KEY_SHOWN])}", "a key that stands twice in one object")
    return result


def _shown(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode()


def _no_float(text: str) -> JsonValue:
    raise invalid("$", f"a number with a fraction ({text[:40]}); write it as a decimal string", "99.5")


def _no_constant(text: str) -> JsonValue:
    raise invalid("$", f"{text}, which JSON does not have")


_READER = json.JSONDecoder(object_pairs_hook=_unique_object, parse_float=_no_float, parse_constant=_no_constant)
_FRACTIONS_READER = json.JSONDecoder(object_pairs_hook=_unique_object, parse_constant=_no_constant)
_WRITER = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"))
