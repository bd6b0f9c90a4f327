"""The line that a demo ends with, as a visitor types it: `vdw serve --demo --data demo-out/store`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.interaction.servers import SOURCE, answer_of, found, http_client
from vdw.cli.demo.command import MARKER
from vdw.config import Secret


async def test_a_visitor_of_a_demo_gets_an_address_and_a_key_that_opens_it(tmp_path: Path) -> None:
    folder = tmp_path / "demo-out"
    folder.mkdir()
    await found(folder)
    (folder / MARKER).write_text("")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VDW_")}
    path = os.pathsep.join(filter(None, [str(SOURCE), kept.get("PYTHONPATH")]))

    with subprocess.Popen(
        [sys.executable, "-m", "vdw", "serve", "--demo", "--port", "0", "--data", "demo-out/store"],
        stdout=subprocess.PIPE,
        env={**kept, "PYTHONPATH": path, "HOME": str(tmp_path / "home")},
        cwd=tmp_path,
        text=True,
    ) as server:
        assert server.stdout is not None
        told = " ".join(server.stdout.readline() for _ in range(3)).split()
        address = next(word.rstrip(";") for word in told if word.startswith("http://"))
        key = Secret(next(word.rstrip('"') for word in told if word.startswith("vdw_")))
        try:
            async with http_client(address, key, "auto") as client:
                assert answer_of(await client.call_tool("list_projects", {}))["projects"] == []
        finally:
            server.terminate()
