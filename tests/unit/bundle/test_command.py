"""`vdw verify-export` on a machine that has neither store nor home: the folder and the pin are all it takes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.repository.sources import ROOT
from tests.unit.bundle.exports import Export, lay_out

EXIT_VERIFICATION = 7


def test_a_whole_export_passes_with_exit_code_0(export: Export, tmp_path: Path) -> None:
    done = verify_export(export, tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("PASS\n")
    assert "not checked: The server, not a human, vouches for the verdicts" in done.stdout


def test_a_changed_byte_fails_with_exit_code_7_and_the_files_name(export: Export, tmp_path: Path) -> None:
    body = export.files["artifacts/mood.md"]
    changed = {**export.files, "artifacts/mood.md": body[:-2] + b"!" + body[-1:]}

    done = verify_export(export, tmp_path, changed)

    assert done.returncode == EXIT_VERIFICATION
    assert done.stdout.startswith("FAIL\n  wrong: artifacts/mood.md: has other bytes than were exported\n")


def test_programs_read_the_same_as_json(export: Export, tmp_path: Path) -> None:
    answer = json.loads(verify_export(export, tmp_path, None, "--json").stdout)

    assert set(answer) == {"verdict", "checked", "faults", "unchecked", "summary"}
    assert (answer["verdict"], answer["faults"]) == ("PASS", [])


def test_verifying_leaves_nothing_behind(export: Export, tmp_path: Path) -> None:
    verify_export(export, tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {"home", "export", "trust.json"}
    assert not any((tmp_path / "home").iterdir())


def verify_export(
    export: Export, folder: Path, files: dict[str, bytes] | None = None, *options: str
) -> subprocess.CompletedProcess[str]:
    lay_out(folder / "export", files or export.files)
    (folder / "trust.json").write_bytes(export.pin)
    (folder / "home").mkdir()
    command = [sys.executable, "-m", "vdw", "verify-export", "export", "--trust", "trust.json", *options]
    environment = {"HOME": str(folder / "home"), "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
