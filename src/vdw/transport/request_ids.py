"""The id of a JSON-RPC request, also where the rest of the message cannot be read: a client that waits has to be told.

An id is only ever repeated to the client that sent it, and decides nothing.
"""

from __future__ import annotations

import json
import re

from vdw.domain.canonical import MAX_INTEGER, is_unicode

RequestId = int | str

MAX_ID_CHARACTERS = 256
"""Longest id, in characters. Clients count or send a UUID (36); no answer shall grow with what was sent."""

MAX_EDGE_BYTES = 1024
"""How much of a message's beginning and end is searched for its id, in bytes: the longest id with its neighbours."""

_ID = rb'"id"\s*:\s*(0|-?[1-9][0-9]{0,14}|"[\w.:/+=-]{1,256}")\s*'
_JSONRPC = rb'"jsonrpc"\s*:\s*"2\.0"\s*'
_METHOD = rb'"method"\s*:\s*"[\w/]{1,128}"\s*'
_AT_THE_HEAD = re.compile(rb"\s*\{\s*(?:" + _JSONRPC + rb",\s*)?(?:" + _METHOD + rb",\s*)?" + _ID + rb"[,}]")
"""The first members of an object that has not been read on: surely those of the message itself."""
_AT_THE_TAIL = re.compile(rb",\s*" + _ID + rb"(?:,\s*" + _JSONRPC + rb")?\}\s*\Z")
"""The last members before the brace that ends the message."""


def id_of(value: object) -> RequestId | None:
    """The value as an id; None if it cannot be one (JSON-RPC 2.0, section 4: no fraction; MCP: not null)."""
    if isinstance(value, str):
        return value if len(value) <= MAX_ID_CHARACTERS and is_unicode(value) else None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_INTEGER:
        return value
    return None


def rescued_id(raw: bytes) -> RequestId | None:
    """The one id of an object that the strict reader has refused, as far as a lenient one gets; None if in doubt."""
    try:
        members = json.loads(raw.decode("utf-8"), object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return id_at_the_edges(raw, raw)
    if not isinstance(members, tuple):  # arrays are lists here
        return None
    ids = [item for name, item in members if name == "id"]
    return id_of(ids[0]) if len(ids) == 1 else None


def id_at_the_edges(head: bytes, tail: bytes) -> RequestId | None:
    """The id where clients write it, first or last in the message; None if it stands elsewhere."""
    found = _AT_THE_HEAD.match(head[:MAX_EDGE_BYTES]) or _AT_THE_TAIL.search(tail[-MAX_EDGE_BYTES:])
    return id_of(json.loads(found[1])) if found else None
