"""Setting the demo's stage and clearing it again: a fresh folder, a founded demo tenant, the closing words."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from vdw.cli.asking import require_person
from vdw.cli.choosing import lane_of
from vdw.cli.context import Composition
from vdw.cli.demo.command import MARKER
from vdw.cli.demo.forgery import show_forgery
from vdw.cli.demo.founding import found_demo
from vdw.cli.demo.human import Human
from vdw.cli.demo.narration import Narrator
from vdw.cli.demo.story import Stage, tell, vibe_of
from vdw.cli.demo.workshop import require_git
from vdw.errors import ErrorCode, VdwError
from vdw.service.exporting import write_export


async def run_demo(base: Composition, *, vibe: Path | None, lane: str, interactive: bool, out: Path) -> None:
    """Plays the demo into `out`. What would end it halfway is found out first. Raises `VdwError` (configuration) if git
    or the visitor is missing, or `out` cannot be written or holds anything but an earlier demo."""
    show = Narrator()
    require_git()
    if interactive:
        require_person("You decide the gates", "Leave --interactive out, and the demo decides.")
    named = _as_typed(out)
    text = vibe_of(vibe)
    chosen = lane_of(lane)
    _clear(out)
    show.line("demo", f"a fresh store in {named}/store; its tenant is a demo, whose signatures prove nothing")
    composition = base.with_options(
        {
            "data_dir": str(out / "store"),
            "config_dir": str(out / "config"),
            "trust_file": str(out / "trust.json"),
        }
    )
    try:
        founded = await found_demo(composition)
        env = composition.environment()
        stage = Stage(out, founded, text, vibe is not None, chosen)
        human = Human(env, composition.operator(), founded.signer, interactive)

        def export(project: str) -> None:
            write_export(env, composition.operator(), project, out / "export")
            show.line("demo", f"exported to {named}/export; open {named}/export/report.html")

        await tell(stage, human, show, export)
        show_forgery(out / "export", out / "trust.json", show)
    finally:
        await composition.close()
    show.act("Now with your own agent")
    vdw = _program()
    show.plain(f"  {vdw} init --client claude-code      (or cursor, vscode)")
    show.plain(f"  {vdw} serve --demo --data {named}/store   to look around in this demo")


def _program() -> str:
    """`vdw`, or the path at which a visitor's shell finds this one."""
    here = Path(sys.executable).with_name("vdw")
    return "vdw" if shutil.which("vdw") or not here.exists() else str(_as_typed(here))


def _as_typed(out: Path) -> Path:
    """A path as the visitor would type it."""
    return Path(os.path.relpath(out))


def _clear(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise _elsewhere(f"{out} is in the way: it is a file, not a folder.")
    try:
        if out.exists() and not (out / MARKER).exists() and any(out.iterdir()):
            raise _elsewhere(f"{out} holds something that no demo wrote, so it is left alone.")
        if out.exists():
            shutil.rmtree(out)
        (out / "config").mkdir(parents=True)
        (out / MARKER).write_text("This folder is replaced by the next demo.\n", "utf-8")
    except OSError as error:
        why = (error.strerror or "unknown failure").lower()
        raise _elsewhere(f"{out} cannot be written: {why}.", repr(error)) from None


def _elsewhere(public: str, reason: str = "") -> VdwError:
    mend = "Name another folder: vdw demo --out FOLDER, or make demo OUT=FOLDER"
    return VdwError(ErrorCode.CONFIGURATION, public, mend, reason=reason)
