"""A store lies on a disk of its own machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from vdw.errors import ErrorCode, VdwError
from vdw.store.sqlite.filesystem import Mount, file_system_of, linux_mounts, list_mounts, macos_mounts, require_local

LINUX = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:35 / /home/ada/my\\040share rw,relatime - nfs4 nas:/ada rw,vers=4.2
41 22 0:36 / /home/ada/cloud rw master:3 propagate_from:2 - fuse.sshfs ada@host:/ rw
broken line
"""
MACOS = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//ada@nas/share on /Volumes/my share (smbfs, nodev, nosuid, mounted by ada)
"""


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/home/ada/vdw.db", "ext4"),
        ("/home/ada/my share/vdw.db", "nfs4"),
        ("/home/ada/my share/not/there/yet/vdw.db", "nfs4"),
        ("/home/ada/my shares/vdw.db", "ext4"),
        ("/home/ada/cloud/vdw.db", "fuse.sshfs"),
    ],
)
def test_the_deepest_mount_holds_a_path(path: str, found: str) -> None:
    assert file_system_of(Path(path), linux_mounts(LINUX)) == found


def test_of_two_mounts_on_one_point_the_later_one_counts() -> None:
    mounts = [Mount(Path("/data"), "ext4"), Mount(Path("/data"), "nfs")]

    assert file_system_of(Path("/data/vdw.db"), mounts) == "nfs"


def test_what_macos_lists_is_read() -> None:
    assert macos_mounts(MACOS) == [Mount(Path("/"), "apfs"), Mount(Path("/Volumes/my share"), "smbfs")]


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smbfs", "fuse.sshfs", "ceph"])
def test_a_network_file_system_is_refused_by_its_name(kind: str) -> None:
    with pytest.raises(VdwError, match=rf"\({kind}\)") as caught:
        require_local(Path("/data/vdw.db"), [Mount(Path("/"), "ext4"), Mount(Path("/data"), kind)])
    assert caught.value.code is ErrorCode.CONFIGURATION


def test_a_link_into_a_network_file_system_is_followed(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "share")

    with pytest.raises(VdwError):
        require_local(tmp_path / "data" / "vdw.db", [Mount(Path("/"), "ext4"), Mount(tmp_path / "share", "nfs")])


def test_the_temporary_folder_of_these_tests_is_local(tmp_path: Path) -> None:
    assert list_mounts()
    require_local(tmp_path)


def test_where_nothing_is_known_of_mounts_a_path_passes() -> None:
    require_local(Path("/data/vdw.db"), [])
