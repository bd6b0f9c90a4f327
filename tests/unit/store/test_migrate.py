"""Migrations only go forward; `verify` changes nothing."""

from __future__ import annotations

import hashlib
import re
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apsw
import pytest

from vdw.errors import ErrorCode, VdwError
from vdw.store.sqlite.migrate import Migration, known_migrations, migrate, verify

FIRST = known_migrations()[0]
SECOND = Migration(2, "0002_second.sql", "CREATE TABLE second (id INTEGER PRIMARY KEY) STRICT;")
BROKEN = Migration(3, "0003_broken.sql", "CREATE TABLE third (id INTEGER PRIMARY KEY) STRICT; CREATE NONSENSE;")


def _tables(path: Path) -> set[str]:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    names = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    connection.close()
    return names


def _digests(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir() if file.is_file()}


def test_the_migrations_are_numbered_from_one_without_a_gap() -> None:
    known = known_migrations()

    assert [migration.number for migration in known] == list(range(1, len(known) + 1))
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.sql", migration.name) for migration in known)


def test_a_new_store_has_the_whole_schema(path: Path) -> None:
    assert migrate(path) == len(known_migrations())

    verify(path)
    assert {"tenant", "project", "event", "trust_entry", "migration"} <= _tables(path)


def test_a_new_store_and_its_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "vdw.db"

    migrate(path)

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert {"vdw.db", "vdw.db.lock"} <= set(files)
    assert set(files.values()) == {0o600}


def test_a_folder_is_nothing_to_git_that_holds_a_store_alone(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for folder in ("empty", "older", "with_more"):
        (tmp_path / folder).mkdir()
    (tmp_path / "older" / "vdw.db").touch()
    (tmp_path / "with_more" / "README").touch()
    for folder in ("made", "empty", "older", "with_more"):
        migrate(tmp_path / folder / "vdw.db")

    status = subprocess.run(
        ["git", "-C", tmp_path, "status", "--porcelain"], check=True, capture_output=True, text=True
    )

    assert status.stdout == "?? with_more/\n"


def test_what_a_folder_says_to_git_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("!vdw.db\n", "utf-8")

    migrate(tmp_path / "vdw.db")

    assert (tmp_path / ".gitignore").read_text("utf-8") == "!vdw.db\n"


def test_the_folder_that_somebody_works_in_is_not_hidden_from_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    migrate(Path("vdw.db"))

    assert not (tmp_path / ".gitignore").exists()


def test_migrating_again_does_nothing(path: Path) -> None:
    migrate(path)

    assert migrate(path) == 0


def test_of_several_who_migrate_at_once_one_does_it(path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = sorted(pool.map(migrate, [path] * 4))

    assert done == [0, 0, 0, len(known_migrations())]
    verify(path)


def test_verify_says_that_there_is_no_store_and_makes_none(path: Path) -> None:
    with pytest.raises(VdwError) as caught:
        verify(path)
    assert caught.value.code is ErrorCode.NOT_INITIALISED
    assert not path.exists()


def test_an_empty_file_is_no_store_yet(path: Path) -> None:
    path.touch()

    with pytest.raises(VdwError) as caught:
        verify(path)
    assert caught.value.code is ErrorCode.NOT_INITIALISED
    assert path.read_bytes() == b""


def test_verify_refuses_an_older_store_and_leaves_it_as_it_is(path: Path) -> None:
    migrate(path, [FIRST])

    with pytest.raises(VdwError, match="older version") as caught:
        verify(path, [FIRST, SECOND])
    assert caught.value.code is ErrorCode.CONFIGURATION
    assert "second" not in _tables(path)


def test_migrate_carries_out_only_what_is_lacking(path: Path) -> None:
    migrate(path, [FIRST])

    assert migrate(path, [FIRST, SECOND]) == 1

    verify(path, [FIRST, SECOND])
    assert "second" in _tables(path)


def test_a_store_newer_than_the_code_is_refused(path: Path) -> None:
    migrate(path, [FIRST, SECOND])

    for act in (migrate, verify):
        with pytest.raises(VdwError, match="newer version") as caught:
            act(path, [FIRST])
        assert caught.value.code is ErrorCode.CONFIGURATION


def test_a_migration_that_was_changed_afterwards_is_refused(path: Path) -> None:
    migrate(path, [FIRST, SECOND])
    changed = Migration(2, SECOND.name, SECOND.sql + " ")

    for act in (migrate, verify):
        with pytest.raises(VdwError, match=re.escape(SECOND.name)) as caught:
            act(path, [FIRST, changed])
        assert caught.value.code is ErrorCode.STORAGE


def test_a_migration_that_fails_leaves_the_store_as_it_was(path: Path) -> None:
    migrate(path, [FIRST])

    with pytest.raises(VdwError) as caught:
        migrate(path, [FIRST, SECOND, BROKEN])
    assert caught.value.code is ErrorCode.INTERNAL
    assert "NONSENSE" not in caught.value.public
    verify(path, [FIRST])
    assert not {"second", "third"} & _tables(path)


def test_a_database_of_something_else_is_refused_and_not_touched(path: Path) -> None:
    connection = apsw.Connection(str(path))
    connection.execute("CREATE TABLE bookmark (url TEXT)")
    connection.close()
    before = _digests(path.parent)

    for act in (migrate, verify):
        with pytest.raises(VdwError, match="not a store of vdw") as caught:
            act(path)
        assert caught.value.code is ErrorCode.STORAGE
    assert before.items() <= _digests(path.parent).items()


def test_a_file_of_something_else_is_refused_and_not_touched(path: Path) -> None:
    path.write_text("# Notes\n" * 1000)

    for act in (migrate, verify):
        with pytest.raises(VdwError, match="not a store of vdw") as caught:
            act(path)
        assert caught.value.code is ErrorCode.STORAGE
    assert path.read_text() == "# Notes\n" * 1000


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(VdwError, match=str(tmp_path)) as caught:
        migrate(tmp_path / "file" / "vdw.db")
    assert caught.value.code is ErrorCode.STORAGE


def test_repositories_that_implementations_named_before_are_known_afterwards(path: Path) -> None:
    migrate(path, known_migrations()[:1])
    connection = apsw.Connection(str(path))
    connection.execute(
        """
        INSERT INTO tenant (id, kind, region, created_at) VALUES ('tnt', 'real', 'local', '');
        INSERT INTO project (tenant, id, slug, title, version, phase, stage, stale, state, created_at, updated_at)
        VALUES ('tnt', 'prj', 'pantry', '', 1, '', '', 0, '{}', '', '');
        INSERT INTO object (project, digest, body) VALUES
            ('prj', 'm', CAST('{"elements":[{"id":"DOC","digest":"d"},{"id":"CHG-001","digest":"c"}]}' AS BLOB)),
            ('prj', 'd', CAST('{"content":{"heads":[{"repository":"a"},{"repository":"b"}]}}' AS BLOB)),
            ('prj', 'x', CAST('<testsuite/>' AS BLOB));
        INSERT INTO revision (project, phase, revision, iteration, digest, submitted_by, at) VALUES
            ('prj', 'implementation', 1, 1, 'm', '', ''),
            ('prj', 'implementation', 2, 1, 'm', '', ''),
            ('prj', 'mood', 1, 1, 'm', '', '');
        """
    )

    migrate(path)

    found = list(connection.execute("SELECT tenant, repository, project FROM repository ORDER BY repository"))
    connection.close()
    assert found == [("tnt", "a", "prj"), ("tnt", "b", "prj")]
