"""Runs of the conformance suite against a server of ours, and what came of each check."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.tools import peers_environment, require_peers
from vdw.domain.secret import Secret

SUITE = "node_modules/@modelcontextprotocol/conformance"
REVISIONS = ("2025-11-25", "2026-07-28")
LONGEST_S = 240
"""Longest run of the suite that is waited for, in seconds; one takes about ten."""


@dataclass(frozen=True, slots=True)
class Run:
    """Scenario → its checks: id, status, and what it said where that is not SUCCESS."""

    checks: Mapping[str, Sequence[tuple[str, str, str]]]

    def failed(self, scenario: str) -> dict[str, str]:
        """Check id → what was wrong."""
        return {check: said for check, status, said in self.checks[scenario] if status == "FAILURE"}

    def failing(self) -> set[str]:
        return {scenario for scenario in self.checks if self.failed(scenario)}


def scored(revision: str) -> list[str]:
    """The scenarios that the revision requires of a server."""
    return re.findall(r"^  - ([a-z0-9-]+)$", _server_block(revision), re.MULTILINE)


def not_scored(revision: str) -> dict[str, str]:
    """Server scenario that is run and not required → why."""
    rows = re.findall(
        r"- scenario: (\S+)\n\s+leg: server\n\s+reason: (\S+)", _requirements(revision).partition("\nnot_scored:")[2]
    )
    return dict(rows)


@contextlib.contextmanager
def with_credential(address: str, key: Secret) -> Iterator[str]:
    """The server's address for callers that bring no credential, as long as the block runs."""
    target, _, path = address.removeprefix("http://").partition("/")
    proxy = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("proxy.py")), f"http://{target}", key.reveal()],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert proxy.stdout is not None
        yield f"http://127.0.0.1:{int(proxy.stdout.readline())}/{path}"
    finally:
        proxy.terminate()
        proxy.communicate()


def run_suite(address: str, revision: str, folder: Path) -> Run:
    """All server scenarios of the revision, on its wire. `folder` takes what the suite writes."""
    peers = require_peers()
    subprocess.run(
        [
            str(peers / "bin/node"),
            str(peers / SUITE / "dist/index.js"),
            "server",
            "--url",
            address,
            "--requirements",
            revision,
            "--output-dir",
            str(folder),
        ],
        env=peers_environment(),
        check=False,
        capture_output=True,
        timeout=LONGEST_S,
    )
    found = {path.parent.name: json.loads(path.read_text("utf-8")) for path in folder.glob("server-*/checks.json")}
    return Run(
        {
            re.sub(r"^server-|-\d{4}-\d\d-\d\dT[\d-]+Z$", "", name): [
                (check["id"], check["status"], check.get("errorMessage") or "") for check in checks
            ]
            for name, checks in found.items()
        }
    )


def _server_block(revision: str) -> str:
    return re.split(r"\n(?=[a-z])", _requirements(revision).partition("\nserver:\n")[2])[0]


def _requirements(revision: str) -> str:
    return (require_peers() / SUITE / "requirements" / f"{revision}.yaml").read_text("utf-8")
