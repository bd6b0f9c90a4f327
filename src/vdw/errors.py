"""The one error family of the product.

What a caller may read (`public`, `next_step`, `details`) is kept apart from what only the log may
hold (`reason`). Not-yours and not-there are the same error. Nothing here names a foreign exception.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ErrorCode(StrEnum):
    """What went wrong, as a word a program can branch on. The words are public and stay."""

    NOT_INITIALISED = "not_initialised"
    INVALID_INPUT = "invalid_input"
    TOO_LARGE = "too_large"
    NOT_FOUND = "not_found"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    LAW = "law"
    BLOCKED = "blocked"
    IN_REVIEW = "in_review"
    STALE_BASE = "stale_base"
    LOOK_AGAIN = "look_again"
    CONFLICT = "conflict"
    IDEMPOTENCY = "idempotency"
    SIGNATURE = "signature"
    TRUST = "trust"
    NO_VERDICT = "no_verdict"
    BUSY = "busy"
    STORAGE = "storage"
    CONFIGURATION = "configuration"
    INTERNAL = "internal"


class VdwError(Exception):
    """A refusal or failure with plain words for the caller and the real reason for the log.

    `public` is one sentence. `next_step` says what the caller can do about it. `details` is JSON
    (strings, integers, lists, mappings) that a program may act on; it never holds a secret.
    """

    def __init__(
        self,
        code: ErrorCode,
        public: str,
        next_step: str = "",
        *,
        reason: str = "",
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(public)
        self.code = code
        self.public = public
        self.next_step = next_step
        self.reason = reason or public
        self.details: dict[str, object] = dict(details or {})

    def as_json(self) -> dict[str, object]:
        """The public half, in the shape that every entrance answers with."""
        body: dict[str, object] = {"code": self.code.value, "message": self.public}
        if self.next_step:
            body["next_step"] = self.next_step
        if self.details:
            body["details"] = self.details
        return body


class LawRefusal(VdwError):
    """A command that a law of the lifecycle forbids in this state. `law` is its number (see lifecycle.phases).
    Its words name no tool: people read them as well as agents."""

    def __init__(self, law: int, public: str, next_step: str, *, code: ErrorCode = ErrorCode.LAW) -> None:
        super().__init__(code, public, next_step, details={"law": law})
        self.law = law


def invalid(path: str, rule: str, example: object = None, *, next_step: str = "") -> VdwError:
    """A fault in what the caller sent: where it is, the rule it breaks, an example of what would be right."""
    details: dict[str, object] = {"path": path, "rule": rule}
    if example is not None:
        details["example"] = example
    return VdwError(
        ErrorCode.INVALID_INPUT, f"{path}: {rule}", next_step or "Correct it and try again.", details=details
    )


def not_found(what: str) -> VdwError:
    """The one answer for what is not there and for what is not the caller's."""
    return VdwError(ErrorCode.NOT_FOUND, f"There is no such {what}.", "List what you can see and use an id from there.")
