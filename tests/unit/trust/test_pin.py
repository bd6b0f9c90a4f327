"""trust.json: pinned outside the store, moved forward only, by one process at a time."""

import fcntl
import json
import stat
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import IO

import pytest

from vdw.domain.canonical import Digest, digest_bytes
from vdw.domain.ids import TenantId
from vdw.errors import ErrorCode, VdwError
from vdw.trust.pin import MAX_PIN_BYTES, Pin, announce_pin, move_to_announced, read_pins, save_pin

TEN_A, TEN_B = TenantId("ten_a"), TenantId("ten_b")

ROOT = digest_bytes(b"root")
OTHER_ROOT = digest_bytes(b"another root")
DAMAGED = {
    "empty": "",
    "no object": "[]",
    "no schema": "{}",
    "another schema": '{"schema":"vdw.trust/2","tenants":{}}',
    "no tenants": '{"schema":"vdw.trust/1","tenants":[]}',
    "no pin": '{"schema":"vdw.trust/1","tenants":{"ten_a":[]}}',
    "no digests": '{"schema":"vdw.trust/1","tenants":{"ten_a":{"root":"x","head":"y","position":1}}}',
    "no position": f'{{"schema":"vdw.trust/1","tenants":{{"ten_a":{{"root":"{ROOT}","head":"{ROOT}"}}}}}}',
    "position as text": f'{{"schema":"vdw.trust/1","tenants":{{"a":{{"root":"{ROOT}","head":"{ROOT}","position":"1"}}}}}}',
    "no announced pin": f'{{"schema":"vdw.trust/1","tenants":{{"a":{{"root":"{ROOT}","head":"{ROOT}","position":1,'
    '"refounding":{}}}}',
    "a field more": '{"schema":"vdw.trust/1","tenants":{},"more":1}',
    "too large": " " * (MAX_PIN_BYTES + 1),
}


def pin(position: int, root: Digest = ROOT) -> Pin:
    return Pin(root, digest_bytes(b"head %d" % position), position)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "vdw" / "trust.json"


@pytest.mark.parametrize(("beside", "ignored"), [("trust.json.lock", True), ("README", False)])
def test_a_folder_is_nothing_to_git_that_holds_a_pin_alone(path: Path, beside: str, ignored: bool) -> None:
    path.parent.mkdir(parents=True)
    (path.parent / beside).touch()

    save_pin(path, TEN_A, pin(1))

    assert (path.parent / ".gitignore").exists() is ignored


def test_a_missing_file_pins_nothing_and_says_which_command_gives_the_pin(path: Path) -> None:
    with pytest.raises(VdwError) as refused:
        read_pins(path).require(TEN_A)
    assert refused.value.code is ErrorCode.TRUST
    assert str(path) in refused.value.public
    assert "vdw init" in refused.value.next_step


def test_a_pin_is_read_back_as_it_was_saved(path: Path) -> None:
    save_pin(path, TEN_A, pin(1))
    save_pin(path, TEN_B, pin(5, digest_bytes(b"other root")))
    assert read_pins(path).require(TEN_A) == pin(1)
    assert read_pins(path).require(TEN_B).position == 5


def test_the_file_has_the_published_form_and_is_its_owners_alone(path: Path) -> None:
    save_pin(path, TEN_A, pin(1))
    assert json.loads(path.read_text()) == {
        "schema": "vdw.trust/1",
        "tenants": {TEN_A: {"root": ROOT, "head": pin(1).head, "position": 1}},
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_head_moves_forward_and_never_back(path: Path) -> None:
    save_pin(path, TEN_A, pin(1))
    save_pin(path, TEN_A, pin(7))
    save_pin(path, TEN_A, pin(3))
    assert read_pins(path).require(TEN_A) == pin(7)


def test_another_root_is_refused_and_the_pin_stays(path: Path) -> None:
    save_pin(path, TEN_A, pin(1))
    with pytest.raises(VdwError) as refused:
        save_pin(path, TEN_A, pin(9, digest_bytes(b"other root")))
    assert refused.value.code is ErrorCode.TRUST
    assert read_pins(path).require(TEN_A) == pin(1)


def test_another_head_at_the_pinned_position_is_another_log(path: Path) -> None:
    save_pin(path, TEN_A, pin(1))
    with pytest.raises(VdwError):
        save_pin(path, TEN_A, Pin(ROOT, digest_bytes(b"a fork"), 1))


@pytest.mark.parametrize("other", [pin(3), pin(3, OTHER_ROOT)], ids=["a newer head", "another root"])
def test_what_another_process_pinned_while_this_one_waited_for_the_lock_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch, other: Pin
) -> None:
    lock_now = fcntl.flock

    def lock_after_the_other(lock: IO[str], how: int) -> None:
        monkeypatch.setattr(fcntl, "flock", lock_now)
        save_pin(path, TEN_A, other)
        lock_now(lock, how)

    monkeypatch.setattr(fcntl, "flock", lock_after_the_other)
    with nullcontext() if other.root == ROOT else pytest.raises(VdwError):
        save_pin(path, TEN_A, pin(2))

    assert read_pins(path).tenants == {TEN_A: other}


def test_a_root_changes_only_to_the_announced_one(path: Path) -> None:
    save_pin(path, TEN_A, pin(7))
    new, other = pin(9, digest_bytes(b"new root")), pin(9, digest_bytes(b"other root"))
    announce_pin(path, TEN_A, pin(7), new)
    with pytest.raises(VdwError):
        move_to_announced(path, TEN_A, other)
    assert read_pins(path).require(TEN_A) == pin(7)

    move_to_announced(path, TEN_A, new)
    move_to_announced(path, TEN_A, new)

    assert read_pins(path).require(TEN_A) == new
    assert read_pins(path).announced == {}


def test_an_announcement_is_kept_beside_the_pins_of_others_and_read_back(path: Path) -> None:
    save_pin(path, TEN_A, pin(7))
    new = pin(9, digest_bytes(b"new root"))
    announce_pin(path, TEN_A, pin(7), new)
    save_pin(path, TEN_B, pin(1))
    save_pin(path, TEN_A, pin(7))
    assert (read_pins(path).announced, read_pins(path).require(TEN_A)) == ({TEN_A: new}, pin(7))


def test_a_head_that_moves_on_under_the_old_root_takes_an_announcement_back(path: Path) -> None:
    save_pin(path, TEN_A, pin(7))
    new = pin(9, digest_bytes(b"new root"))
    announce_pin(path, TEN_A, pin(7), new)
    save_pin(path, TEN_A, pin(8))
    with pytest.raises(VdwError):
        move_to_announced(path, TEN_A, new)
    assert read_pins(path).require(TEN_A) == pin(8)


def test_nothing_is_announced_for_a_head_that_is_not_the_pinned_one(path: Path) -> None:
    save_pin(path, TEN_A, pin(8))
    with pytest.raises(VdwError) as refused:
        announce_pin(path, TEN_A, pin(7), pin(9, digest_bytes(b"new root")))
    assert refused.value.code is ErrorCode.CONFLICT
    assert read_pins(path).announced == {}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_is_refused_and_never_overwritten(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(content)
    with pytest.raises(VdwError) as refused:
        read_pins(path)
    assert refused.value.code is ErrorCode.TRUST
    with pytest.raises(VdwError):
        save_pin(path, TEN_A, pin(1))
    assert path.read_text() == content


def test_a_folder_that_cannot_be_written_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    with pytest.raises(VdwError) as refused:
        save_pin(tmp_path / "config" / "trust.json", TEN_A, pin(1))
    assert refused.value.code is ErrorCode.TRUST
    assert "Errno" not in refused.value.public


def test_of_many_writers_the_furthest_head_stays_and_no_tenant_is_lost(path: Path) -> None:
    def write(number: int) -> None:
        for position in range(10):
            save_pin(path, TenantId(f"ten_{number % 3}"), pin(position * 5 + number))

    writers = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert {name: found.position for name, found in read_pins(path).tenants.items()} == {
        "ten_0": 48,
        "ten_1": 49,
        "ten_2": 47,
    }
    assert sorted(item.name for item in path.parent.iterdir()) == [".gitignore", "trust.json", "trust.json.lock"]
