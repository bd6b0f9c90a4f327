"""The exit codes of every command, and which refusal ends with which. They are public and stay.

`vdw verify` alone exits like the command it ran, once that is recorded.
"""

from __future__ import annotations

from vdw.errors import ErrorCode

EXIT_INTERNAL = 1
EXIT_USAGE = 2
EXIT_SETUP = 3
"""Something on this machine has to be mended first, which `vdw doctor` names."""
EXIT_REFUSED = 4
EXIT_NOT_FOUND = 5
EXIT_TRY_AGAIN = 6
"""Nothing is wrong with the command; the same one may work now."""
EXIT_VERIFICATION = 7
EXIT_STOPPED = 130
"""As a shell counts a program that Ctrl-C ended: 128 and the number of SIGINT."""
EXIT_CLOSED_PIPE = 141
"""As a shell counts a program whose reader went away: 128 and the number of SIGPIPE."""

MEANINGS: dict[int, str] = {
    0: "done",
    EXIT_INTERNAL: "internal error",
    EXIT_USAGE: "wrong input",
    EXIT_SETUP: "set-up",
    EXIT_REFUSED: "refused",
    EXIT_NOT_FOUND: "not found",
    EXIT_TRY_AGAIN: "try again",
    EXIT_VERIFICATION: "verification failed",
    EXIT_STOPPED: "stopped",
    EXIT_CLOSED_PIPE: "output closed",
}

_OF_REFUSAL: dict[ErrorCode, int] = {
    ErrorCode.INVALID_INPUT: EXIT_USAGE,
    ErrorCode.TOO_LARGE: EXIT_USAGE,
    ErrorCode.NOT_INITIALISED: EXIT_SETUP,
    ErrorCode.CONFIGURATION: EXIT_SETUP,
    ErrorCode.TRUST: EXIT_SETUP,
    ErrorCode.STORAGE: EXIT_SETUP,
    ErrorCode.NOT_FOUND: EXIT_NOT_FOUND,
    ErrorCode.CONFLICT: EXIT_TRY_AGAIN,
    ErrorCode.BUSY: EXIT_TRY_AGAIN,
    ErrorCode.NO_VERDICT: EXIT_TRY_AGAIN,
    ErrorCode.INTERNAL: EXIT_INTERNAL,
}


def exit_code_of(code: ErrorCode) -> int:
    """The exit code of a refusal; what is not listed was refused (4)."""
    return _OF_REFUSAL.get(code, EXIT_REFUSED)
