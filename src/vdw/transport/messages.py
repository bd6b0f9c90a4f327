"""One MCP message from its bytes, read strictly: the same on stdio and HTTP, and in both protocol eras.

It knows JSON and the envelope of JSON-RPC, and no method. What two readers could understand differently is refused,
never repaired; a refusal says what to mend, carries the request's id where that can be read, and quotes no library.
"""

from __future__ import annotations

from typing import Any

from vdw.domain.canonical import MAX_DEPTH, Allowed, read_json
from vdw.errors import ErrorCode, VdwError, invalid
from vdw.transport.request_ids import MAX_ID_CHARACTERS, RequestId, id_at_the_edges, id_of, rescued_id

MAX_MESSAGE_BYTES = 4 * 1024 * 1024
"""Largest message, in bytes: one document (3 MiB) with its JSON-RPC envelope and escapes. A line and a body alike."""

MAX_MESSAGE_DEPTH = MAX_DEPTH + 2
"""Nesting of a message, in levels: arguments as deep as they may be, in `params`, in the message."""

_MESSAGE = Allowed(MAX_MESSAGE_DEPTH, fractions=True)
"""The protocol has fractions, as in a progress; where a tool's arguments have none, the tool says so with their
path."""

PARSE_ERROR = -32700
"""JSON-RPC 2.0, section 5.1: what came is not JSON as this server reads it."""
INVALID_REQUEST = -32600
"""JSON-RPC 2.0, section 5.1: it is JSON, and no request."""


class MalformedMessageError(Exception):
    """A message that was not taken, and the JSON-RPC error that answers it."""

    def __init__(self, code: int, fault: VdwError, request_id: RequestId | None) -> None:
        super().__init__(fault.public)
        self.code = code
        self.fault = fault
        self.request_id = request_id

    def reply(self) -> dict[str, object]:
        error = {"code": self.code, "message": self.fault.public, "data": self.fault.as_json()}
        return {"jsonrpc": "2.0", "id": self.request_id, "error": error}


class UnaskedResponseError(MalformedMessageError):
    """A response: this server asks clients nothing. On a line it gets no answer, lest two peers answer errors for
    ever."""


def read_message(raw: bytes) -> dict[str, Any]:
    """The request or notification that the bytes hold, its envelope checked. Raises `MalformedMessageError`."""
    if len(raw) > MAX_MESSAGE_BYTES:
        raise over_long(raw, raw)
    try:
        value = read_json(raw, max_bytes=MAX_MESSAGE_BYTES, allowed=_MESSAGE)
    except VdwError as fault:
        raise MalformedMessageError(PARSE_ERROR, fault, rescued_id(raw)) from None
    if not isinstance(value, dict):
        raise MalformedMessageError(INVALID_REQUEST, _no_object(value), None)
    if "method" not in value and ("result" in value or "error" in value):
        raise UnaskedResponseError(INVALID_REQUEST, _no_question(), None)
    wrong = _envelope_fault(value)
    if wrong is not None:
        raise MalformedMessageError(INVALID_REQUEST, wrong, id_of(value.get("id")))
    return value


def over_long(head: bytes, tail: bytes) -> MalformedMessageError:
    """The refusal of a message that has more than `MAX_MESSAGE_BYTES`, of which only the edges were kept."""
    fault = VdwError(
        ErrorCode.TOO_LARGE,
        f"A message has at most {MAX_MESSAGE_BYTES} bytes.",
        "Send it in parts: element changes, or a smaller report.",
    )
    return MalformedMessageError(INVALID_REQUEST, fault, id_at_the_edges(head, tail))


def _no_object(value: object) -> VdwError:
    if isinstance(value, list):
        return invalid("$", "a batch; a message is one request or notification", next_step="Send each one by itself.")
    return invalid("$", "must be a JSON object: one request or notification")


def _no_question() -> VdwError:
    return invalid(
        "$", "a response; this server asks clients nothing", next_step="Send requests and notifications only."
    )


def _envelope_fault(value: dict[str, Any]) -> VdwError | None:
    if value.get("jsonrpc") != "2.0":
        return invalid("jsonrpc", "must be there and be the text 2.0", "2.0")
    if not isinstance(value.get("method"), str):
        return invalid("method", "must be there and be text", "tools/list")
    if "result" in value or "error" in value:
        return invalid("$", "a request and a response in one")
    if "id" in value and id_of(value["id"]) is None:
        return invalid("id", f"must be an integer, or text of at most {MAX_ID_CHARACTERS} characters", 1)
    if not isinstance(value.get("params"), dict | None):
        return invalid("params", "must be a JSON object", {})
    return None
