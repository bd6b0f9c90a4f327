"""Rules about the files of the repository: what they may name, and that what they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import vdw
from tests.repository.sources import ROOT, tracked_files

# Written in pieces, so that this file does not hold what it looks for.
INDEX_HOSTS = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("_hosted".replace("_", "python"), "org"),
            ("registry", "npmjs"),
            ("deb", "debian"),
            ("proxy", "golang"),
            ("crates", "io"),
            ("repo1", "maven"),
        )
    )
)
MACHINE_PATHS = re.compile(r"(?<![\w.}])/(?:" + "|".join(("work", "farm", "root", "tmp/x")) + r")\b")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def test_no_file_names_a_package_index() -> None:
    assert _files_that_hold(INDEX_HOSTS) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert _files_that_hold(MACHINE_PATHS) == []


def test_every_link_between_documents_leads_somewhere() -> None:
    documents = [path for path in tracked_files() if path.suffix == ".md" and "src" not in path.parts]
    assert documents
    broken = [
        f"{document.relative_to(ROOT)} → {target}"
        for document in documents
        for target in LINK.findall(document.read_text("utf-8"))
        if not (document.parent / target).exists()
    ]
    assert broken == []


def test_the_licence_is_the_one_that_the_package_declares() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_changelog_begins_with_the_version_of_the_package() -> None:
    headings = re.findall(r"^## \[?([0-9.]+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[:1] == [vdw.__version__]


def _files_that_hold(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked_files()
        if (match := pattern.search(_text(path)))
    ]


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")
