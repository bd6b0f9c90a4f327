"""One worker process, from its parent's side: started when first asked, killed when it fails or is given up.

The process shares nothing with this one: its standard streams lead nowhere, no other descriptor and no environment is
inherited, and it is in a session of its own, so a terminal's signals do not reach it.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from vdw.errors import ErrorCode, VdwError
from vdw.reasoning.child import HEADER_BYTES

MEMORY_BYTES = 1024 * 1024 * 1024
"""Address space of a worker. A slice takes some MB, all links of 10,000 requirements some 200 MB (1.3 kB a fact)."""

MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""Largest answer that is read: some two million findings. More is a worker gone wrong."""

_CHILD = Path(__file__).with_name("child.py")


class WorkerDied(Exception):
    """The process ended, or spoke out of turn, before its answer was whole."""


@dataclass(frozen=True, slots=True)
class _Process:
    process: subprocess.Popen[bytes]
    jobs: socket.socket
    life: int
    """Writing end of the pipe whose end ends the process."""


class Worker:
    """Answers one request at a time. Bound to no event loop: each `ask` uses the one that it runs in."""

    def __init__(self, *, small_only: bool, memory_bytes: int = MEMORY_BYTES) -> None:
        self.small_only = small_only
        self._memory_bytes = memory_bytes
        self._running: _Process | None = None
        self._asked = False

    async def ask(self, request: bytes) -> bytes:
        """The worker's reply. Raises `WorkerDied`; whatever else ends the waiting, the process is killed too, since its
        reply would be taken for the next one's."""
        loop = asyncio.get_running_loop()
        answered = False
        self._asked = True
        try:
            running = self._running = self._running or _start(self._memory_bytes)
            await loop.sock_sendall(running.jobs, len(request).to_bytes(HEADER_BYTES, "big") + request)
            length = int.from_bytes(await _read(loop, running.jobs, HEADER_BYTES), "big")
            if length > MAX_ANSWER_BYTES:
                raise WorkerDied(f"an answer of {length} bytes")
            reply = await _read(loop, running.jobs, length)
            answered = True
            return reply
        except OSError as error:
            raise WorkerDied(repr(error)) from None
        finally:
            self._asked = False
            if not answered:
                self.kill()

    def end(self) -> None:
        """`kill`, but where somebody waits for an answer: they hear `WorkerDied` from the dead process, and tidy up."""
        if self._asked and self._running is not None:
            self._running.process.kill()
        else:
            self.kill()

    def kill(self) -> None:
        """Ends the process, whatever it does, and waits for it (some 3 ms)."""
        if self._running is not None:
            running, self._running = self._running, None
            running.process.kill()
            running.process.wait()
            running.jobs.close()
            os.close(running.life)


def _start(memory_bytes: int) -> _Process:
    with contextlib.ExitStack() as undo:
        ours, theirs = socket.socketpair()
        undo.callback(ours.close)
        life_of_child, life = os.pipe()
        undo.callback(os.close, life)
        ours.setblocking(False)
        arguments = [str(theirs.fileno()), str(life_of_child), str(memory_bytes), _engine_folder()]
        try:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_CHILD), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), life_of_child),
                cwd="/",
                env={},
                start_new_session=True,
            )
        finally:
            theirs.close()
            os.close(life_of_child)
        undo.pop_all()
        return _Process(process, ours, life)


def _engine_folder() -> str:
    spec = importlib.util.find_spec("mangle")
    if spec is None or spec.origin is None:
        raise VdwError(
            ErrorCode.CONFIGURATION, "The reasoning engine is not installed.", "Install vdw with its dependencies."
        )
    return str(Path(spec.origin).parent.parent)


async def _read(loop: asyncio.AbstractEventLoop, jobs: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = await loop.sock_recv(jobs, length - len(parts))
        if not part:
            raise WorkerDied("it closed its socket")
        parts += part
    return bytes(parts)
