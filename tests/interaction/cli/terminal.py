"""The real `vdw` at a real terminal: what it prints is read as it comes, what a person types is typed when asked
for."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from tests.interaction.servers import SOURCE
from tests.tools import require_tool

PATIENCE_SECONDS = 60
"""How long a prompt may be awaited before the test fails: no measure, only an end."""
VDW = ("-m", "vdw")
COLUMNS, LINES = 80, 24
"""The size of a terminal that nobody has resized."""
CTRL_C = "\x03"
CTRL_D = "\x04"
_CONTROLLED = 'exec <"$0" >"$0" 2>"$0"; exec "$@"'
"""Opening the terminal in a session of one's own makes it the controlling one, at which passphrases are typed."""


class Terminal:
    """One `vdw` command with a person before it. `said` is everything shown so far, line ends made plain."""

    def __init__(
        self,
        environment: Mapping[str, str],
        *arguments: str,
        folder: Path,
        output: Path | None = None,
        columns: int = COLUMNS,
        before: Sequence[str] = (),
        program: Sequence[str] = VDW,
    ) -> None:
        """`output` takes standard output alone, as a program's pipe would; the terminal keeps the rest. `before` are
        words before the command; `program` stands for another that is built on `vdw`."""
        self._master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (LINES, columns))
        shell = f'{_CONTROLLED} >"$VDW_TEST_OUTPUT"' if output else _CONTROLLED
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", shell, os.ttyname(slave), *before, sys.executable, *program, *arguments],
            env={**environment, **({"VDW_TEST_OUTPUT": str(output)} if output else {})},
            cwd=folder,
            start_new_session=True,
        )
        self._slave = slave
        self.said = ""
        self._read_up_to = 0

    def expect(self, words: str) -> str:
        """Waits until `words` are shown after what was awaited before; returns what came before them."""
        while (found := self.said.find(words, self._read_up_to)) < 0:
            if not self._more():
                raise AssertionError(f"{words!r} was never shown:\n{self.said}")
        before, self._read_up_to = self.said[self._read_up_to : found], found + len(words)
        return before

    def enter(self, line: str) -> None:
        os.write(self._master, f"{line}\n".encode())

    def press(self, key: str) -> None:
        os.write(self._master, key.encode())

    def answer(self, prompt: str, line: str) -> None:
        self.expect(prompt)
        self.enter(line)

    def finish(self) -> int:
        """Reads the rest; the exit code."""
        while self._more():
            pass
        return self._process.wait(PATIENCE_SECONDS)

    def _more(self) -> bool:
        """Reads what is there next; False once the command has ended and all is read."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            ended = self._process.poll() is not None
            if select.select([self._master], [], [], 0 if ended else 0.05)[0]:
                self.said += os.read(self._master, 65536).decode("utf-8", "replace").replace("\r\n", "\n")
                return True
            if ended:
                return False
        raise AssertionError(f"Nothing more was shown within {PATIENCE_SECONDS} s:\n{self.said}")

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._slave)
        os.close(self._master)


def home(folder: Path, **more: str) -> dict[str, str]:
    """The environment of somebody who has just come: an empty home, no setting of ours."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TERM": "xterm",
        "PYTHONPATH": os.pathsep.join([str(SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])]),
        **more,
    }


def vdw(
    environment: Mapping[str, str],
    *arguments: str,
    folder: Path | None = None,
    given: str = "",
    output: int = subprocess.PIPE,
    before: Sequence[str] = (),
) -> subprocess.CompletedProcess[str]:
    """`vdw` without a terminal. `output` takes standard output, where it is another file; `before` are words before
    it."""
    return subprocess.run(
        [*before, sys.executable, "-m", "vdw", *arguments],
        env=dict(environment),
        cwd=folder or environment["HOME"],
        input=given,
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
        start_new_session=True,
    )


def as_nobody() -> list[str]:
    """The words before a command that make permissions count for it, where root runs the tests."""
    if os.geteuid() != 0:
        return []
    without = "-dac_override,-dac_read_search"
    return [require_tool("setpriv"), f"--bounding-set={without}", f"--inh-caps={without}", "--"]


def squeezed(text: str) -> str:
    """The text with every run of white space as one space, however it was wrapped."""
    return re.sub(r"\s+", " ", text)
