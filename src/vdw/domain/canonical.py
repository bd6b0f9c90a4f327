"""JSON in one form: strict reading, RFC 8785 writing, SHA-256 over it.

Reading refuses what two readers could understand differently (duplicate keys, NaN, floats, lone
surrogates, invalid UTF-8) and what could exhaust us (size, depth). Documents hold no floats:
a number with a fraction is a decimal string with a unit beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NewType

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

ZERO_DIGEST = Digest("0" * 64)
"""What stands before the first entry of a chain."""


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


def require_plain(value: object, path: str = "$") -> None:
    """Raises unless the value is JSON without floats, out-of-range integers, lone surrogates or deep nesting.

    `path`: what the value is called in the refusal.
    """
    if not _is_usual(value):
        _require_plain(value, path, 0)


def _is_usual(value: object, depth: int = 0) -> bool:
    """Whether the value is certainly plain, and its keys are ASCII, so that every order of them is the same.

    Then the standard library's writer gives the RFC 8785 form too, in a fifth of the time.
    """
    if isinstance(value, str):
        return value.isascii() or _is_unicode(value)
    if isinstance(value, dict | list | tuple) and depth == MAX_DEPTH:
        return False
    if isinstance(value, dict):
        return all(isinstance(key, str) and key.isascii() and _is_usual(item, depth + 1) for key, item in value.items())
    if isinstance(value, list | tuple):
        return all(_is_usual(item, depth + 1) for item in value)
    if isinstance(value, int):  # a bool is one too
        return -MAX_INTEGER <= value <= MAX_INTEGER
    return value is None


def _require_plain(value: object, path: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise invalid(path, f"nested deeper than {MAX_DEPTH} levels")
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
        raise invalid(path, "a number with a fraction; write it as a decimal string", "99.5")
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise invalid(path, "a key that is not text")
            _require_unicode(key, path)
            _require_plain(item, f"{path}.{key}", depth + 1)
        return
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        for index, item in enumerate(value):
            _require_plain(item, f"{path}[{index}]", depth + 1)
        return
    raise invalid(path, f"a {type(value).__name__}, which JSON does not have")


def parse_json(data: bytes | str, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> JsonValue:
    """Reads JSON strictly.

    Raises `VdwError`: too_large above `max_bytes`; invalid_input for anything that is not UTF-8 JSON,
    has a duplicate key, a float, NaN or Infinity, or nests deeper than `MAX_DEPTH`.
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
        value: JsonValue = _READER.decode(text)
    except RecursionError:
        raise invalid("$", f"nested deeper than {MAX_DEPTH} levels") from None
    except json.JSONDecodeError as error:
        raise invalid(f"line {error.lineno}, column {error.colno}", "not valid JSON") from None
    except ValueError:
        raise invalid("$", "an integer with too many digits") from None
    require_plain(value)
    return value


def parse_object(data: bytes | str, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> JsonObject:
    """`parse_json` that refuses anything but an object."""
    value = parse_json(data, max_bytes=max_bytes)
    if not isinstance(value, dict):
        raise invalid("$", "must be a JSON object", {})
    return value


def _require_unicode(text: str, path: str) -> None:
    if not _is_unicode(text):
        raise invalid(_shown(path), "a lone surrogate, which is not a character")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unique_object(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    result = dict(pairs)
    if len(result) < len(pairs):
        ((twice, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise invalid(f"$..{_shown(twice[:80])}", "a key that stands twice in one object")
    return result


def _shown(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode()


def _no_float(text: str) -> JsonValue:
    raise invalid("$", f"a number with a fraction ({text[:40]}); write it as a decimal string", "99.5")


def _no_constant(text: str) -> JsonValue:
    raise invalid("$", f"{text}, which JSON does not have")


_READER = json.JSONDecoder(object_pairs_hook=_unique_object, parse_float=_no_float, parse_constant=_no_constant)
_WRITER = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"))
