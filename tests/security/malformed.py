"""Messages that no server may take, as data: what comes in, the JSON-RPC error it is owed, and a word of the reason."""

from __future__ import annotations

from dataclasses import dataclass

from vdw.domain.canonical import MAX_DEPTH
from vdw.transport.messages import INVALID_REQUEST, PARSE_ERROR

CANARY = "canary4f1d9c"
"""Stands in what is sent wherever no answer has a reason to repeat it."""

DEEPEST = MAX_DEPTH + 2
"""Levels of a message whose arguments are as deep as a document may be."""


@dataclass(frozen=True, slots=True)
class Malformed:
    raw: bytes
    code: int
    word: str
    request_id: int | str | None = None


def _unread(members: str, word: str, request_id: int | str | None = 7) -> Malformed:
    """An object with these members that the strict reader does not take."""
    return Malformed(b"{" + members.encode() + b"}", PARSE_ERROR, word, request_id)


def _no_request(members: str, word: str, request_id: int | str | None = 7) -> Malformed:
    """JSON with these members, and no request."""
    return Malformed(b"{" + members.encode() + b"}", INVALID_REQUEST, word, request_id)


def _nested(levels: int) -> str:
    """`params` that make the message nest so many levels deep."""
    return '{"x":' * (levels - 1) + "1" + "}" * (levels - 1)


HEAD = '"jsonrpc":"2.0","id":7,"method":"tools/list"'
TAIL = f'"method":"tools/list","params":{{"x":"{CANARY}"}},"jsonrpc":"2.0","id":7'
LIST = b"{" + HEAD.encode() + b"}"

NO_JSON: dict[str, Malformed] = {
    "no JSON": Malformed(CANARY.encode() + b"{", PARSE_ERROR, "not valid JSON"),
    "nothing": Malformed(b"", PARSE_ERROR, "not valid JSON"),
    "half a message": Malformed(LIST[:-3], PARSE_ERROR, "not valid JSON", 7),
    "two messages in one": Malformed(LIST + LIST, PARSE_ERROR, "not valid JSON", 7),
    "invalid UTF-8": Malformed(b'{"jsonrpc":"2.0","id":7,"method":"\xff"}', PARSE_ERROR, "UTF-8", 7),
    "invalid UTF-8, the id last": Malformed(
        b'{"method":"\xff","params":{"id":5},"jsonrpc":"2.0","id":"a-7"}', PARSE_ERROR, "UTF-8", "a-7"
    ),
    "another encoding": Malformed(LIST.decode().encode("utf-16"), PARSE_ERROR, "UTF-8"),
    "a lone surrogate": _unread('"jsonrpc":"2.0","id":7,"method":"\\ud800"', "surrogate"),
    "a lone surrogate in a key": _unread(HEAD + ',"params":{"\\udc00":1}', "surrogate"),
    "a lone surrogate in the id": _unread('"jsonrpc":"2.0","id":"\\ud800","method":"tools/list"', "surrogate", None),
    "a hundred thousand brackets": Malformed(b"[" * 100_000, PARSE_ERROR, "nested"),
    "five thousand objects": Malformed(b'{"params":' * 5_000 + b"1" + b"}" * 5_000, PARSE_ERROR, "nested"),
    "five thousand objects after an id": _unread(f'{HEAD},"params":{_nested(5_000)}', "nested"),
    "a level too deep": _unread(f'{HEAD},"params":{_nested(DEEPEST + 1)}', f"deeper than {DEEPEST}"),
}
KEYS: dict[str, Malformed] = {
    "a method twice": _unread(HEAD + ',"method":"tools/call"', "$..method: a key that stands twice"),
    "a key twice in the arguments": _unread(
        HEAD + f',"params":{{"arguments":{{"project":"a","project":"{CANARY}"}}}}', "$..project: a key"
    ),
    "a key twice, once escaped": _unread(HEAD + ',"params":{"name":1,"n\\u0061me":2}', "$..name: a key"),
    "a key of ten thousand letters twice": _unread(
        f'{HEAD},"params":{{"{"k" * 10_000}":1,"{"k" * 10_000}":2}}', "kkk: a key that stands twice"
    ),
    "two ids": _unread(HEAD + ',"id":8', "$..id: a key", None),
    "a notification with a key twice": _unread('"jsonrpc":"2.0","method":"a","method":"b"', "$..method: a key", None),
}
NUMBERS: dict[str, Malformed] = {
    "an id that is NaN": _unread('"jsonrpc":"2.0","id":NaN,"method":"tools/list"', "NaN", None),
    "an id that is Infinity": _unread('"jsonrpc":"2.0","id":Infinity,"method":"tools/list"', "Infinity", None),
    "NaN deep inside": _unread(HEAD + ',"params":{"a":[{"b":NaN}]}', "NaN"),
    "minus Infinity": _unread(HEAD + ',"params":{"a":-Infinity}', "-Infinity"),
    "a number beyond all numbers": _unread(HEAD + ',"params":{"a":1e999}', "$.params.a: a number too large"),
    "an integer that not all readers keep": _unread(HEAD + ',"params":{"a":9007199254740992}', "2^53"),
    "an integer of five thousand digits": _unread(f'{HEAD},"params":{{"a":{"9" * 5000}}}', "digits"),
    "an id of twenty digits": _unread(f'"jsonrpc":"2.0","id":{"9" * 20},"method":"tools/list"', "2^53", None),
}
NO_REQUEST: dict[str, Malformed] = {
    "a batch": Malformed(b"[" + LIST + b"," + LIST + b"]", INVALID_REQUEST, "batch"),
    "an empty batch": Malformed(b"[]", INVALID_REQUEST, "batch"),
    "null": Malformed(b"null", INVALID_REQUEST, "JSON object"),
    "a number": Malformed(b"5", INVALID_REQUEST, "JSON object"),
    "text": Malformed(b'"' + CANARY.encode() + b'"', INVALID_REQUEST, "JSON object"),
    "an empty object": _no_request("", "jsonrpc", None),
    "no JSON-RPC": _no_request(f'"hello":"{CANARY}"', "jsonrpc", None),
    "another JSON-RPC": _no_request('"jsonrpc":"1.0","id":7,"method":"tools/list"', "jsonrpc"),
    "no method": _no_request('"jsonrpc":"2.0","id":"seven"', "method", "seven"),
    "a method that is no text": _no_request(f'"jsonrpc":"2.0","id":7,"method":{{"x":"{CANARY}"}}', "method"),
    "an id that is null": _no_request('"jsonrpc":"2.0","id":null,"method":"tools/list"', "id", None),
    "an id that is true": _no_request('"jsonrpc":"2.0","id":true,"method":"tools/list"', "id", None),
    "an id with a fraction": _no_request('"jsonrpc":"2.0","id":1.5,"method":"tools/list"', "id", None),
    "an id without end": _no_request(f'"jsonrpc":"2.0","id":"{"7" * 10_000}","method":"tools/list"', "id", None),
    "params in a list": _no_request(HEAD + ',"params":["x"]', "params"),
    "a request and a response in one": _no_request(HEAD + ',"result":{}', "response"),
    "a notification whose method is no text": _no_request('"jsonrpc":"2.0","method":1', "method", None),
    "a notification with params in a list": _no_request('"jsonrpc":"2.0","method":"x","params":[1]', "params", None),
}
MALFORMED = NO_JSON | KEYS | NUMBERS | NO_REQUEST
RESPONSES: dict[str, bytes] = {
    "a result": b'{"jsonrpc":"2.0","id":7,"result":{}}',
    "an error": b'{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"No."}}',
    "a result that is none": b'{"jsonrpc":"2.0","id":7,"result":5}',
}
