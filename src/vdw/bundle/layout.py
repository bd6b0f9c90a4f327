"""Names of the files of an export. They are part of the format `vdw.export/1`."""

from __future__ import annotations

from vdw.domain.canonical import Digest
from vdw.domain.stages import Phase

EXPORT_SCHEMA = "vdw.export/1"

FILES = "files.dsse.json"
"""The list of all other files with their digests, signed by the server's key: it vouches for what no human signed."""
PROJECT = "project.json"
TRUST_LOG = "trust-log.json"
REPORT = "report.html"
README = "README.md"
PROJECT_FIELDS = frozenset(
    {"schema", "tenant", "project", "slug", "title", "iteration", "lane", "status", "source", "sources", "phases"}
    | {"last_statement"}
)
"""Fields of project.json, no more and no fewer."""
OBJECTS = "objects/"
NAMES = frozenset({FILES, PROJECT, TRUST_LOG, REPORT, README, "vibes", "artifacts", "objects", "verdicts"})
"""All that an export's folder itself holds: whatever holds more is no export of ours."""


def vibe_file(source: str) -> str:
    """The vibe of one iteration, byte for byte."""
    return f"vibes/{source}.txt"


def artifact_json(phase: Phase) -> str:
    return f"artifacts/{phase.value}.json"


def artifact_markdown_file(phase: Phase) -> str:
    return f"artifacts/{phase.value}.md"


def object_file(digest: Digest) -> str:
    """A stored document under its own digest: manifest, element, brief, comments, reason, report."""
    return f"{OBJECTS}{digest}"


def verdict_file(phase: Phase) -> str:
    """The verdict on which a gate was decided, in a DSSE envelope signed by the server's key."""
    return f"verdicts/{phase.value}.dsse.json"
