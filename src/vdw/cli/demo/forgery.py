"""What an export is worth: it verifies, and does not once a single byte is another."""

from __future__ import annotations

from pathlib import Path

from vdw.bundle.verify import verify_folder
from vdw.cli.demo.narration import Narrator


def show_forgery(export: Path, trust: Path, show: Narrator) -> None:
    """Verifies the export, flips one bit of an artifact, verifies again, and puts the bit back."""
    show.act("Does the export prove itself?")
    report = verify_folder(export, trust)
    show.line("demo", f"vdw verify-export: {report.verdict}, {len(report.checked)} kinds of checks")
    target = export / "artifacts" / "mood.md"
    original = target.read_bytes()
    forged = bytearray(original)
    forged[len(forged) // 2] ^= 1
    target.write_bytes(bytes(forged))
    show.line("demo", f"one bit of {target.name} is flipped")
    forged_report = verify_folder(export, trust)
    show.line("demo", f"vdw verify-export: {forged_report.verdict}: {forged_report.faults[0]}")
    target.write_bytes(original)
    show.line("demo", f"the bit is put back: {verify_folder(export, trust).verdict}")
