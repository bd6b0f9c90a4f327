"""The program of a worker process: reads one job at a time from a socket, evaluates it, answers.

It runs by its path in an isolated interpreter and imports nothing of ours, so it starts in some 20 ms and holds nothing
of its parent but two descriptors. An evaluation holds the interpreter from start to end; so what must end it works
without this code: SIGKILL by the parent, limits of the kernel, and SIGIO when the parent is gone.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import resource
import signal
import socket
import sys
import time
from io import BufferedRWPair
from typing import Any

HEADER_BYTES = 4
"""Length of a message, big-endian, before the message."""


def main(arguments: list[str]) -> None:
    job_descriptor, life_descriptor, memory_bytes = map(int, arguments[:3])
    sys.path.append(arguments[3])  # where mangle is installed; an isolated interpreter does not look there
    _end_with_parent(life_descriptor)
    _limit_memory(memory_bytes)
    with socket.socket(fileno=job_descriptor) as jobs, jobs.makefile("rwb") as stream:
        serve(stream)


def serve(stream: BufferedRWPair) -> None:
    """Answers jobs until the other side closes."""
    while header := stream.read(HEADER_BYTES):
        job = json.loads(stream.read(int.from_bytes(header, "big")))
        _limit_cpu(job["cpu_seconds"])
        reply = json.dumps(evaluate(job), separators=(",", ":")).encode()
        stream.write(len(reply).to_bytes(HEADER_BYTES, "big") + reply)
        stream.flush()


def evaluate(job: dict[str, Any]) -> dict[str, Any]:
    """Rows of the predicates in `finds` and how many rows each relation in `counts` holds; or `error`.

    A panic of the engine is no `Exception`: it ends the process, whose state it has spoilt.
    """
    import mangle

    try:
        program = mangle.Program(job["text"])
        return {
            "rows": {name: program.query(name) for name in job["finds"]},
            "counts": {name: len(program.query(name)) for name in job["counts"]},
        }
    except mangle.MangleError as error:
        return {"error": str(error)}


def _end_with_parent(descriptor: int) -> None:
    """Nobody writes to this pipe. When its other end closes, however the parent died, the kernel ends this process."""
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    with contextlib.suppress(OSError):  # a system without it still ends after the job, at the closed socket
        fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)


def _limit_memory(limit: int) -> None:
    _lower(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":  # elsewhere the kernel does not keep this limit
        _lower(resource.RLIMIT_AS, limit)


def _limit_cpu(seconds: int) -> None:
    """So many more seconds of computing. Ends this process even where nobody is left to kill it."""
    _lower(resource.RLIMIT_CPU, int(time.process_time()) + 1 + seconds)


def _lower(kind: int, limit: int) -> None:
    """Sets the limit that acts, as far as the one above it allows."""
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


if __name__ == "__main__":
    main(sys.argv[1:])
