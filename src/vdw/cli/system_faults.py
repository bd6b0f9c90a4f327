"""What the operating system refused, as one sentence and a next step: disk full, read-only, a file in the way.

Only the outermost edge asks: whoever knows more about the file tells it itself, earlier.
"""

from __future__ import annotations

import errno

from vdw.errors import ErrorCode, VdwError

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM})
_IN_THE_WAY = frozenset({errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENOTEMPTY})


def system_fault(error: OSError) -> VdwError:
    """The refusal for an error that carries a number. storage: repeating it helps once there is room; else
    configuration."""
    where = _named(error.filename)
    if error.errno in _NO_ROOM:
        public = f"There is no room left to write {where}."
        return VdwError(ErrorCode.STORAGE, public, "Free some space and run it again.", reason=repr(error))
    if error.errno == errno.EROFS:
        public, mend = (
            f"Nothing can be written to {where}: it is read-only.",
            "Make it writable, or name another place.",
        )
    elif error.errno in _NOT_ALLOWED:
        public, mend = f"This user may not use {where}.", "Give this user the right to use it, or name another place."
    elif error.errno in _IN_THE_WAY:
        public, mend = f"Something else is in the way of {where}.", "Move it away, or name another place."
    else:
        why = (error.strerror or "unknown failure").lower()
        what = f"{where} cannot be used" if error.filename else "The system refused it"
        public, mend = f"{what}: {why}.", "Mend that and run it again."
    return VdwError(ErrorCode.CONFIGURATION, public, mend, reason=repr(error))


def _named(filename: object) -> str:
    if isinstance(filename, bytes):
        return filename.decode("utf-8", "replace")
    return filename if isinstance(filename, str) and filename else "the output"
