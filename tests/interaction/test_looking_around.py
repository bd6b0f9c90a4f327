"""The line that a demo ends with, as a visitor types it: `vdw serve --demo --data demo-out/store`."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.interaction.servers import SOURCE, answer_of, found, http_client
from vdw.cli.demo.command import MARKER
from vdw.domain.secret import Secret


@contextlib.contextmanager
def looked_around(folder: Path) -> Iterator[list[str]]:
    """The words that the server of the demo in this folder greets its visitor with."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VDW_")}
    path = os.pathsep.join(filter(None, [str(SOURCE), kept.get("PYTHONPATH")]))
    with subprocess.Popen(
        [sys.executable, "-m", "vdw", "serve", "--demo", "--port", "0", "--data", "demo-out/store"],
        stdout=subprocess.PIPE,
        env={**kept, "PYTHONPATH": path, "HOME": str(folder / "home")},
        cwd=folder,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            yield " ".join(server.stdout.readline() for _ in range(3)).split()
        finally:
            server.terminate()


async def test_a_visitor_of_a_demo_gets_an_address_and_a_key_that_opens_it(tmp_path: Path) -> None:
    folder = tmp_path / "demo-out"
    folder.mkdir()
    await found(folder)
    (folder / MARKER).write_text("")

    with looked_around(tmp_path) as told:
        address = next(word.rstrip(";") for word in told if word.startswith("http://"))
        key = Secret(next(word.rstrip('"') for word in told if word.startswith("vdw_")))
        async with http_client(address, key, "auto") as client:
            assert answer_of(await client.call_tool("list_projects", {}))["projects"] == []
