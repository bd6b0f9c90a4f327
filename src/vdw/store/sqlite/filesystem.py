"""On which file system a path lies, and which ones a store must not lie on.

A write-ahead log needs memory shared by all its processes and locks that hold; over a network neither can be relied on,
and the loss is silent. So such a file system is refused, by its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vdw.errors import ErrorCode, VdwError

NETWORK_FILE_SYSTEMS: Final = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afs", "afpfs", "ncpfs", "coda", "webdav", "davfs", "drvfs"),
        *("ceph", "lustre", "beegfs", "gpfs", "glusterfs", "ocfs2", "gfs2"),
        *("fuse.sshfs", "fuse.davfs2", "fuse.rclone", "fuse.s3fs", "fuse.ceph-fuse", "fuse.glusterfs"),
    }
)
"""As the kernels of Linux and macOS call them (mount(8) on both)."""

_LINUX_MOUNTS: Final = Path("/proc/self/mountinfo")
_MACOS_MOUNT: Final = Path("/sbin/mount")
_MACOS_LINE: Final = re.compile(r".*? on (/.*) \(([^,)]+)")
_ESCAPED: Final = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    point: Path
    type: str


def require_local(path: Path, mounts: Iterable[Mount] | None = None) -> None:
    """Raises `VdwError` (configuration) if the path lies on a network file system. Where the operating system does not
    say, it passes."""
    found = file_system_of(path, list_mounts() if mounts is None else mounts)
    if found in NETWORK_FILE_SYSTEMS:
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"{path} lies on a network file system ({found}), where a store can lose data.",
            "Set the data folder to a disk of this machine.",
        )


def file_system_of(path: Path, mounts: Iterable[Mount]) -> str:
    """The type of the file system that holds the path, there or not yet; '' if no mount does."""
    place = path.resolve()
    holding = [mount for mount in mounts if place.is_relative_to(mount.point)]
    # The deepest one holds it; of several on one point, the one mounted last.
    return max(enumerate(holding), key=lambda item: (len(item[1].point.parts), item[0]))[1].type if holding else ""


def list_mounts() -> list[Mount]:
    """What is mounted here; nothing where the operating system has no way of ours to say it."""
    if _LINUX_MOUNTS.exists():
        return linux_mounts(_LINUX_MOUNTS.read_text("utf-8", "surrogateescape"))
    if _MACOS_MOUNT.exists():
        import subprocess

        listed = subprocess.run([_MACOS_MOUNT], capture_output=True, check=False, text=True, errors="surrogateescape")
        return macos_mounts(listed.stdout)
    return []


def linux_mounts(text: str) -> list[Mount]:
    """Reads /proc/self/mountinfo (proc_pid_mountinfo(5)): the mount point is the fifth field, the type follows ` -
    `."""
    found = []
    for line in text.splitlines():
        place, _, source = line.partition(" - ")
        fields = place.split(" ")
        if len(fields) > 4 and source:
            point = _ESCAPED.sub(lambda match: chr(int(match.group(1), 8)), fields[4])
            found.append(Mount(Path(point), source.split(" ")[0]))
    return found


def macos_mounts(text: str) -> list[Mount]:
    """Reads what /sbin/mount prints: `//user@host/share on /Volumes/share (smbfs, nodev)`."""
    return [Mount(Path(match[1]), match[2]) for match in map(_MACOS_LINE.match, text.splitlines()) if match]
