"""Reading and writing an export's folder: bounded, regular files only, no way out of it, whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from vdw.bundle.layout import FILES, TRUST_LOG, is_ours
from vdw.errors import ErrorCode, VdwError
from vdw.trust.server_statements import MAX_FILES

MAX_ENTRIES = MAX_FILES + 100
"""Files and folders below the folder: what a signed list may name, the list itself, the folders they lie in."""
MAX_TOTAL_BYTES = 2 * 1024**3
"""Bytes of all files, which are held in memory once the list of them has been checked: a hundred times a project of 500
requirements."""
MAX_LOG_BYTES = 256 * 1024 * 1024
"""Bytes of a trust log: 100,000 entries at 2.5 kB."""
MAX_FILE_BYTES = 64 * 1024 * 1024
"""Bytes of any other file: three times the largest test report."""
MAX_DEPTH = 4
"""Levels of folders; an export has one."""


def read_folder(folder: Path) -> Mapping[str, bytes]:
    """Path below the folder → bytes, each read when it is first asked for; an empty folder, which no export has, as a
    path that ends in `/`.

    Raises `VdwError` (invalid_input), before anything is read, for a missing folder, for anything in it that is neither
    a regular file nor a folder, and for more than an export may hold.
    """
    if not folder.is_dir():
        raise _unreadable(f"{folder} is not a folder.")
    sizes: dict[str, int] = {}
    left = MAX_TOTAL_BYTES
    try:
        for count, path in enumerate(_walk(folder, MAX_DEPTH)):
            if count >= MAX_ENTRIES:
                raise _unreadable("The folder holds more files than an export may.")
            name = path.relative_to(folder).as_posix()
            found = path.lstat()
            if stat.S_ISDIR(found.st_mode):
                sizes[f"{name}/"] = 0
                continue
            sizes[name] = _size(name, found)
            left -= sizes[name]
            if left < 0:
                raise _unreadable("The folder holds more bytes than an export may.")
    except OSError as error:
        raise _unreadable(f"{folder} cannot be read.", repr(error)) from None
    return _Files(folder, sizes)


class _Files(Mapping[str, bytes]):
    """Files of a folder that was measured. No more is read than was there then."""

    def __init__(self, folder: Path, sizes: Mapping[str, int]) -> None:
        self._folder = folder
        self._sizes = sizes
        self._read: dict[str, bytes] = {}

    def __getitem__(self, name: str) -> bytes:
        if name not in self._read:
            size = self._sizes[name]
            self._read[name] = b"" if name.endswith("/") else _regular_file(self._folder / name, name, size)
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._sizes

    def __iter__(self) -> Iterator[str]:
        return iter(self._sizes)

    def __len__(self) -> int:
        return len(self._sizes)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes all files, replacing an earlier export, whole or not at all.

    Raises `VdwError` (configuration) if the folder holds something that is no export of ours, or cannot be written;
    then it is as it was.
    """
    place = folder.resolve()
    draft = place.with_name(f".{place.name}.{os.getpid()}.new")
    earlier = place.with_name(f".{place.name}.{os.getpid()}.old")
    try:
        if not _may_replace(place):
            raise VdwError(
                ErrorCode.CONFIGURATION,
                f"{folder} holds something that is no export, so it is left alone.",
                "Name another folder.",
            )
        try:
            _fill(draft, files)
            _exchange(place, draft, earlier)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(earlier, ignore_errors=True)
    except OSError as error:
        raise _unwritable(folder, error) from None


def write_changed(folder: Path, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Writes, each whole, the files whose bytes are not there yet, and answers their names; leaves all else alone.

    Raises `VdwError` (configuration) where the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        changed = tuple(name for name, body in files.items() if not _holds(folder / name, body))
        for name in changed:
            draft = folder / f".{name}.{os.getpid()}.new"
            draft.write_bytes(files[name])
            draft.replace(folder / name)
    except OSError as error:
        raise _unwritable(folder, error) from None
    return changed


def _walk(folder: Path, levels: int) -> Iterator[Path]:
    """Every file and every empty folder below, links and all else included, in the order of names. Follows no link."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    if not entries:
        yield folder
    for entry in entries:
        if not entry.is_dir(follow_symlinks=False):
            yield Path(entry.path)
        elif levels == 0:
            raise _unreadable(f"{entry.path} lies deeper than an export goes.")
        else:
            yield from _walk(Path(entry.path), levels - 1)


def _size(name: str, found: os.stat_result) -> int:
    if stat.S_ISLNK(found.st_mode):
        raise _unreadable(f"{name} is a link; an export has none.")
    if not stat.S_ISREG(found.st_mode):
        raise _unreadable(f"{name} is no regular file; an export has nothing else.")
    if found.st_size > (MAX_LOG_BYTES if name == TRUST_LOG else MAX_FILE_BYTES):
        raise _unreadable(f"{name} is larger than a file of an export may be.")
    return found.st_size


def _regular_file(path: Path, name: str, size: int) -> bytes:
    """The bytes of a regular file: what is checked is what is opened, and opening neither follows a link nor waits."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            _size(name, os.fstat(descriptor))
            body = file.read(size + 1)
    except OSError as error:
        raise _unreadable(f"{name} cannot be read.", repr(error)) from None
    if len(body) != size:
        raise _unreadable(f"{name} changes while it is read.")
    return body


def _may_replace(place: Path) -> bool:
    """Whether nothing is there, or an empty folder, or an earlier export with nothing of anybody else's in it."""
    if not place.exists():
        return True
    names = [path.relative_to(place).as_posix() for path in _walk(place, MAX_DEPTH) if path != place]
    return not names or (FILES in names and all(map(is_ours, names)))


def _fill(draft: Path, files: Mapping[str, bytes]) -> None:
    shutil.rmtree(draft, ignore_errors=True)
    for name, body in files.items():
        target = draft / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)


def _exchange(place: Path, draft: Path, earlier: Path) -> None:
    """Puts the draft in its place. If that fails, what was there is there again."""
    shutil.rmtree(earlier, ignore_errors=True)
    if not place.exists():
        draft.rename(place)
        return
    place.rename(earlier)
    try:
        draft.rename(place)
    except OSError:
        earlier.rename(place)
        raise


def _holds(path: Path, body: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(body) and path.read_bytes() == body


def _unwritable(folder: Path, error: OSError) -> VdwError:
    return VdwError(ErrorCode.CONFIGURATION, f"{folder} cannot be written.", "Name another folder.", reason=repr(error))


def _unreadable(public: str, reason: str = "") -> VdwError:
    return VdwError(ErrorCode.INVALID_INPUT, public, "Name the folder of an export.", reason=reason)
