"""What an export holds, as values: made by the service from the store, or by verification from a folder. The same
either way, so that what is rendered from it can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vdw.artifacts.revision import Revision
from vdw.domain.canonical import Digest, JsonObject, JsonValue, parse_object
from vdw.domain.fields import mapping, text, texts
from vdw.domain.ids import ProjectId
from vdw.domain.stages import PHASES, IterationStatus, Phase
from vdw.domain.trust_entry import TrustEntry
from vdw.trust.state import Accepted, Root, TrustState
from vdw.trust.statements import DecisionStatement
from vdw.trust.votes import WaiverTally, count_waivers


@dataclass(frozen=True, slots=True)
class ExportContent:
    """`project` is project.json; `objects` hold every stored document by its digest; `vibes` the text of each
    source."""

    project: JsonObject
    entries: tuple[TrustEntry, ...]
    trust: TrustState
    revisions: Mapping[Phase, Revision]
    objects: Mapping[Digest, bytes]
    verdicts: Mapping[Phase, JsonObject]
    vibes: Mapping[str, str]

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The exported phases, in order."""
        return tuple(phase for phase in PHASES if phase in self.revisions)

    @property
    def root(self) -> Root:
        """The root under which every exported phase is approved."""
        return told_root(self.project, self.trust)

    def decisions(self, phase: Phase) -> tuple[Accepted[DecisionStatement], ...]:
        """What was signed, under the root of the export, on the exported revision of the phase, whether it counts or
        not; in the order of the log."""
        wanted = (self.project["project"], self.revisions[phase].digest)
        root = self.root
        return tuple(
            vote
            for vote in self.trust.decisions.values()
            if root.covers(vote.position) and (vote.statement.project, vote.statement.digest) == wanted
        )

    def waivers(self) -> tuple[WaiverTally, ...]:
        """Every waiver of the project under the root of the export, counted; in the order of the log."""
        return count_waivers(self.trust, ProjectId(text(self.project["project"])), self.root)


def told_root(project: JsonObject, trust: TrustState) -> Root:
    """The root under which the phases of project.json have to be approved, all of them: the present one, or for a
    completed iteration the one in force when its decisions entered the log."""
    if project["status"] != IterationStatus.COMPLETED:
        return trust.present_root
    told = (
        envelope for phase in mapping(project["phases"]).values() for envelope in texts(mapping(phase)["envelopes"])
    )
    first = next((trust.decisions[envelope] for envelope in told if envelope in trust.decisions), None)
    return trust.root_at(first.position) if first else trust.present_root


def log_json(entries: tuple[TrustEntry, ...]) -> JsonObject:
    """trust-log.json: every entry with its envelope. Ids and keys only; no names."""
    listed: list[JsonValue] = [
        {
            "position": entry.position,
            "prev": entry.prev,
            "hash": entry.hash,
            "accepted_at": entry.accepted_at,
            "envelope": parse_object(entry.envelope),
        }
        for entry in entries
    ]
    return {"schema": "vdw.trust-log/1", "tenant": entries[0].tenant, "entries": listed}
