"""The locks say what pyproject.toml says: every requirement is locked, fits, and has hashes."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.repository.sources import ROOT

PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
LOCKS = pytest.mark.parametrize("lock", ["core", "dev", "peers"])


def test_every_requirement_of_the_core_is_locked_at_a_version_that_fits() -> None:
    assert _unmet([*_core(), *_group("build")], _pins("core")) == []


def test_every_requirement_of_development_is_locked_at_a_version_that_fits() -> None:
    assert _unmet([*_core(), *_group("dev")], _pins("dev")) == []


def test_what_is_not_ours_is_locked_at_a_version_that_fits() -> None:
    assert _unmet(_group("peers"), _pins("peers")) == []


@pytest.mark.parametrize("lock", ["dev", "peers"])
def test_a_lock_holds_what_it_shares_with_the_core_at_the_same_versions(lock: str) -> None:
    core, other = _pins("core"), _pins(lock)
    assert _unmet(_core(), other) == []
    assert {name: version for name, version in other.items() if name in core} == {
        name: version for name, version in core.items() if name in other
    }


@LOCKS
def test_every_locked_package_has_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", _lock_text(lock))
    without = [entry.split("==")[0] for entry in entries if PINNED.match(entry) and "--hash=sha256:" not in entry]
    assert without == []
    assert len(entries) == len(_pins(lock))


def test_the_build_backend_is_locked_so_that_an_install_needs_no_network() -> None:
    backend = _pyproject()["build-system"]["requires"]
    assert _group("build") == [Requirement(text) for text in backend]


@cache
def _pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _core() -> list[Requirement]:
    return [Requirement(text) for text in _pyproject()["project"]["dependencies"]]


def _group(name: str) -> list[Requirement]:
    found: list[Requirement] = []
    for entry in _pyproject()["dependency-groups"][name]:
        found += [Requirement(entry)] if isinstance(entry, str) else _group(entry["include-group"])
    return found


def _lock_text(lock: str) -> str:
    return (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")


def _pins(lock: str) -> dict[str, str]:
    lines = map(PINNED.match, _lock_text(lock).splitlines())
    return {canonicalize_name(line.group(1)): line.group(2) for line in lines if line}


def _unmet(requirements: list[Requirement], pins: dict[str, str]) -> list[str]:
    return [
        str(requirement)
        for requirement in requirements
        if not requirement.specifier.contains(pins.get(canonicalize_name(requirement.name), "0"))
    ]
