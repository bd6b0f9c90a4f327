"""Names of the files of an export. They are part of the format `vdw.export/1`."""

from __future__ import annotations

import re

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
_PHASES = "|".join(phase.value for phase in Phase)
_OURS = re.compile(
    "|".join(
        (
            *map(re.escape, (FILES, PROJECT, TRUST_LOG, REPORT, README)),
            r"vibes/SRC-[0-9]+\.txt",
            rf"artifacts/({_PHASES})\.(json|md)",
            rf"verdicts/({_PHASES})\.dsse\.json",
            r"objects/[0-9a-f]{64}",
        )
    )
)


def is_ours(name: str) -> bool:
    """Whether an export may have a file of this name: one that holds others is none, or somebody put something into
    it."""
    return _OURS.fullmatch(name) is not None


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
