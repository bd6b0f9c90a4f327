"""A forged key file neither exhausts the machine nor makes a passphrase cheap to guess."""

import resource
from pathlib import Path

import pytest

from tests.unit.trust.test_sealed_key import CHEAP, PASSPHRASE, changed, sealed
from vdw.domain.canonical import JsonValue
from vdw.errors import ErrorCode, VdwError
from vdw.trust.sealed_key import COST, MAX_FILE_BYTES, MOST, open_sealed_key


def refusal(path: Path, passphrase: str = PASSPHRASE) -> VdwError:
    with pytest.raises(VdwError) as refused:
        open_sealed_key(path, passphrase, CHEAP)
    assert refused.value.code is ErrorCode.CONFIGURATION
    return refused.value


def kdf(**changes: JsonValue) -> JsonValue:
    costs: dict[str, JsonValue] = {"name": "argon2id", "memory_kib": 64, "passes": 1, "lanes": 1}
    return {**costs, **changes}


@pytest.mark.parametrize(
    ("memory_kib", "passes", "lanes"),
    [
        (100 * 1024 * 1024, 3, 4),  # 100 GiB
        (MOST.memory_kib + 1, 3, 4),
        (COST.memory_kib, 1_000_000, 4),
        (COST.memory_kib, 3, 1_000),
        (COST.memory_kib, 3, 0),
        (-1, 3, 4),
    ],
)
def test_costs_beyond_the_bounds_are_refused_before_any_are_spent(
    tmp_path: Path, memory_kib: int, passes: int, lanes: int
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _, path = sealed(tmp_path)
    refusal(changed(path, kdf=kdf(memory_kib=memory_kib, passes=passes, lanes=lanes)))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < COST.memory_kib


@pytest.mark.parametrize(
    ("memory_kib", "passes"), [(COST.memory_kib - 1, COST.passes), (COST.memory_kib, COST.passes - 1), (64, 1)]
)
def test_costs_below_the_minimum_are_refused_by_default(tmp_path: Path, memory_kib: int, passes: int) -> None:
    _, path = sealed(tmp_path)
    weak = changed(path, kdf=kdf(memory_kib=memory_kib, passes=passes))
    with pytest.raises(VdwError) as refused:
        open_sealed_key(weak, PASSPHRASE)
    assert refused.value.code is ErrorCode.CONFIGURATION


def test_the_minimum_is_what_was_decided() -> None:
    assert (COST.memory_kib, COST.passes) == (256 * 1024, 3)
    assert (CHEAP.memory_kib, CHEAP.passes) < (COST.memory_kib, COST.passes)


@pytest.mark.parametrize(
    "fields",
    [
        {"schema": "vdw.approver-key/2"},
        {"kdf": kdf(name="argon2i")},
        {"kdf": kdf(memory_kib="64")},
        {"kdf": kdf(memory_kib=True)},
        {"kdf": kdf(more=1)},
        {"kdf": []},
        {"salt": "AAAA"},
        {"salt": "not base64"},
        {"nonce": ""},
        {"nonce": 1},
        {"sealed": ""},
        {"approver": "../../x"},
        {"more": 1},
    ],
    ids=str,
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, fields: dict[str, JsonValue]) -> None:
    _, path = sealed(tmp_path)
    refused = refusal(changed(path, **fields))
    assert refused.public == f"{path} is not a sealed approver key."


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"{", b"[]", b" " * (MAX_FILE_BYTES + 1)],
    ids=["empty", "no text", "cut", "no object", "too large"],
)
def test_what_is_no_key_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.json"
    path.write_bytes(content)
    refusal(path)
    refusal(tmp_path / "nowhere.json")


@pytest.mark.parametrize("part", ["salt", "nonce", "sealed"])
def test_a_flipped_bit_is_a_wrong_passphrase_and_never_another_key(tmp_path: Path, part: str) -> None:
    _, path = sealed(tmp_path)
    text = path.read_text()
    at = text.index(f'"{part}":"') + len(part) + 4
    path.write_text(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :])
    with pytest.raises(VdwError) as refused:
        open_sealed_key(path, PASSPHRASE, CHEAP)
    assert refused.value.code is ErrorCode.SIGNATURE
