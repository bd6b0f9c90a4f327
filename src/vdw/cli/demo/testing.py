"""The demo's runner: `vdw verify` in a process of its own, with a runner's key."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from vdw.cli.demo.narration import Narrator
from vdw.cli.demo.workshop import REPOSITORY, Workshop
from vdw.errors import ErrorCode, VdwError

if TYPE_CHECKING:
    from vdw.cli.demo.story import Stage

REPORT = "junit.xml"
_VERIFY = (sys.executable, "-m", "vdw", "verify", "--repository", REPOSITORY, "--report", REPORT)


def verify_run(stage: Stage, project: str, workshop: Workshop, show: Narrator) -> dict[str, Any]:
    """Runs the repository's tests under `vdw verify`; answers what the server recorded."""
    done = subprocess.run(  # our own command line, no shell
        [*_VERIFY, "--project", project, "--json", "--", sys.executable, "run_tests.py", REPORT],
        cwd=workshop.folder,
        env=stage.environment(stage.founded.runner_key.reveal()),
        capture_output=True,
        text=True,
        check=False,
    )
    show.line("runner", f"vdw verify -- python run_tests.py {REPORT}: exit {done.returncode}")
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise VdwError(
            ErrorCode.INTERNAL, "vdw verify gave no answer in the demo.", "Run the demo again.", reason=done.stderr
        ) from None
    if "error" in answer:
        raise VdwError(ErrorCode.INTERNAL, f"vdw verify: {answer['error']['message']}", "Run the demo again.")
    return dict(answer)
