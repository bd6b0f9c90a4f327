"""Sealed approver keys: opened by the passphrase and by nothing else. Costs are low here; production's are its
default."""

import hashlib
import itertools
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from vdw.domain.canonical import JsonObject, canonical_bytes, parse_object
from vdw.domain.ids import ApproverId, TenantId
from vdw.errors import ErrorCode, VdwError
from vdw.trust.passphrase import six_words
from vdw.trust.sealed_key import Cost, create_sealed_key, find_sealed_keys, open_sealed_key

TEN_A, TEN_B = TenantId("ten_a"), TenantId("ten_b")

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
PASSPHRASE = "correct horse battery staple"


def randomness() -> Callable[[int], bytes]:
    """Other bytes at each call, the same in each run."""
    counter = itertools.count()
    return lambda size: hashlib.sha256(b"%d" % next(counter)).digest()[:size]


def sealed(folder: Path, passphrase: str = PASSPHRASE) -> tuple[bytes, Path]:
    return create_sealed_key(folder, TEN_A, ApproverId("apr_a"), passphrase, randomness(), CHEAP)


def changed(path: Path, **fields: object) -> Path:
    value: JsonObject = parse_object(path.read_bytes())
    path.write_bytes(canonical_bytes({**value, **fields}))
    return path


def test_the_passphrase_opens_the_key_that_was_sealed(tmp_path: Path) -> None:
    private, path = sealed(tmp_path)
    assert open_sealed_key(path, PASSPHRASE, CHEAP) == ("apr_a", private)


def test_the_file_is_its_owners_alone_and_holds_no_key_in_the_clear(tmp_path: Path) -> None:
    private, path = sealed(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert private not in path.read_bytes()
    assert private.hex() not in path.read_text()


def test_a_folder_that_a_key_is_made_in_is_nothing_to_git(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "stood").mkdir()
    for folder in ("stood", "made"):
        sealed(tmp_path / folder)

    status = subprocess.run(["git", "-C", tmp_path, "status", "--porcelain"], check=True, capture_output=True)

    assert status.stdout == b""


def test_a_wrong_passphrase_is_one_sentence(tmp_path: Path) -> None:
    _, path = sealed(tmp_path)
    with pytest.raises(VdwError) as refused:
        open_sealed_key(path, PASSPHRASE + "r", CHEAP)
    assert refused.value.code is ErrorCode.SIGNATURE
    assert refused.value.public == "The passphrase is not the one of this key."


@pytest.mark.parametrize("passphrase", ["", "eleven char", "a\u0308" * 11])
def test_a_passphrase_of_less_than_twelve_characters_is_refused_and_nothing_is_written(
    tmp_path: Path, passphrase: str
) -> None:
    with pytest.raises(VdwError) as refused:
        sealed(tmp_path, passphrase)
    assert refused.value.code is ErrorCode.INVALID_INPUT
    assert list(tmp_path.iterdir()) == []


def test_a_passphrase_is_the_same_however_the_keyboard_composes_its_letters(tmp_path: Path) -> None:
    private, path = sealed(tmp_path, "gr\u00f6\u00dfer als b\u00e4ren")
    assert open_sealed_key(path, "gro\u0308\u00dfer als ba\u0308ren", CHEAP) == ("apr_a", private)


def test_a_passphrase_that_the_terminal_could_not_decode_still_works(tmp_path: Path) -> None:
    typed = b"latin-1 \xe4\xf6\xfc letters".decode("utf-8", "surrogateescape")
    private, path = sealed(tmp_path, typed)
    assert open_sealed_key(path, typed, CHEAP) == ("apr_a", private)


def test_an_existing_key_is_never_replaced(tmp_path: Path) -> None:
    private, path = sealed(tmp_path)
    with pytest.raises(VdwError) as refused:
        sealed(tmp_path)
    assert refused.value.code is ErrorCode.CONFIGURATION
    assert open_sealed_key(path, PASSPHRASE, CHEAP) == ("apr_a", private)
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "approvers").write_text("a file where the folder should be")
    with pytest.raises(VdwError) as refused:
        sealed(tmp_path)
    assert refused.value.code is ErrorCode.CONFIGURATION
    assert "Errno" not in refused.value.public


def test_keys_are_found_by_tenant(tmp_path: Path) -> None:
    _, path = sealed(tmp_path)
    assert find_sealed_keys(tmp_path, TEN_A) == [("apr_a", path)]
    assert find_sealed_keys(tmp_path, TEN_B) == []
    assert find_sealed_keys(tmp_path / "nowhere", TEN_A) == []


def test_a_key_opens_as_the_approver_and_tenant_that_it_was_sealed_for(tmp_path: Path) -> None:
    _, path = sealed(tmp_path)
    for other in ({"approver": "apr_b"}, {"tenant": TEN_B}):
        body = path.read_bytes()
        with pytest.raises(VdwError) as refused:
            open_sealed_key(changed(path, **other), PASSPHRASE, CHEAP)
        assert refused.value.code is ErrorCode.SIGNATURE
        path.write_bytes(body)


def test_six_words_are_offered_from_the_long_list_of_the_eff() -> None:
    assert six_words(bytes) == "-".join(["abacus"] * 6)
    assert six_words((7775).to_bytes) == "-".join(["zoom"] * 6)
    assert six_words((7776).to_bytes) == "-".join(["abacus"] * 6)
