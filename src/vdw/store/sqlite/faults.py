"""SQLite's failures in our words. No text of the engine gets into the public part; it is the reason in the log."""

from __future__ import annotations

import errno
from typing import Final

import apsw

from vdw.errors import ErrorCode, VdwError

_IS_THERE: Final = frozenset(
    {apsw.SQLITE_CONSTRAINT_UNIQUE, apsw.SQLITE_CONSTRAINT_PRIMARYKEY, apsw.SQLITE_CONSTRAINT_ROWID}
)
_NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_STORAGE: Final[dict[type[apsw.Error], tuple[str, str]]] = {
    apsw.FullError: (
        "has no room left on its disk",
        "Free some space; nothing was lost, and what was refused can be repeated.",
    ),
    apsw.ReadOnlyError: ("cannot be written", "Make its file and folder writable for this user."),
    apsw.CantOpenError: ("cannot be opened", "See that its folder exists and that this user may read and write it."),
    apsw.PermissionsError: ("may not be read by this user", "Give this user the file, or use another data folder."),
    apsw.NotADBError: ("is not a store of vdw", "Point the data folder elsewhere, or restore the store from a backup."),
    apsw.CorruptError: ("is damaged", "Stop everything that uses it, keep a copy, and restore it from a backup."),
    apsw.IOError: (
        "could not be read or written: its disk failed",
        "Look at the disk; nothing that was acknowledged is lost.",
    ),
}
"""Kind of failure → what is said of the store, and what to do."""


def storage_fault(error: apsw.Error, subject: str = "The store") -> VdwError:
    """What went wrong, for the caller. `subject` may name the file where only an operator reads it.

    busy: another program holds the file. conflict: what should be new is there already. storage: the disk or the file.
    internal: a statement of ours is wrong.
    """
    if isinstance(error, apsw.BusyError | apsw.LockedError | apsw.ProtocolError):
        return busy(repr(error))
    if isinstance(error, apsw.ConstraintError) and _code(error) in _IS_THERE:
        return VdwError(
            ErrorCode.CONFLICT, "It exists already.", "Look at what is there, or use another name.", reason=repr(error)
        )
    for kind, (what, next_step) in _STORAGE.items():
        if isinstance(error, kind):
            return VdwError(ErrorCode.STORAGE, f"{subject} {what}.", next_step, reason=repr(error))
    return VdwError(
        ErrorCode.INTERNAL, f"{subject} refused what it was told.", "Report this as a fault of vdw.", reason=repr(error)
    )


def file_fault(error: OSError, subject: str) -> VdwError:
    """The same for failures of the file system."""
    if error.errno in _NO_SPACE:
        return storage_fault(apsw.FullError(repr(error)), subject)
    if error.errno == errno.EROFS:
        return storage_fault(apsw.ReadOnlyError(repr(error)), subject)
    return storage_fault(apsw.CantOpenError(repr(error)), subject)


def busy(reason: str) -> VdwError:
    return VdwError(
        ErrorCode.BUSY,
        "The store is busy: another program has kept it from writing.",
        "Try again; if it stays so, look for a stopped vdw or another program that holds the file.",
        reason=reason,
    )


def closed() -> VdwError:
    return VdwError(ErrorCode.STORAGE, "The store is closed: vdw is stopping.", "Start vdw again.")


def _code(error: apsw.Error) -> int:
    """SQLite's extended result code."""
    code: int = error.extendedresult  # type: ignore[attr-defined]  # documented, but not in the stubs
    return code
