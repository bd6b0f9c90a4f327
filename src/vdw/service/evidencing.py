"""Recording evidence: what a report or a claim says, with the trust that its channel earns. The server sets id and trust.

`run` needs a runner, an observed command and a report of that run; a report alone is `reported`; words alone are
`claimed`. A dirty tree lowers `run` to `reported`; an exit code that disagrees with the report fails it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vdw.artifacts.evidence import EvidenceRecord, RequirementResult, Run, evidence_content
from vdw.artifacts.junit import JUnitReport, read_junit
from vdw.domain.canonical import Digest, JsonObject, digest_bytes
from vdw.domain.clock import timestamp
from vdw.domain.ids import ElementKind, element_kind
from vdw.domain.principal import Permission, Principal, PrincipalKind
from vdw.domain.statement import Trust
from vdw.errors import invalid
from vdw.lifecycle import commands as c
from vdw.lifecycle.phases import decide
from vdw.service.answers import RecordedEvidence
from vdw.service.committing import commit_events, retried
from vdw.service.environment import Environment
from vdw.service.loading import Loaded, load_project
from vdw.service.replays import Call, call_of, remember, replayed
from vdw.store.interface import EvidenceRow, UnitOfWork


@dataclass(frozen=True, slots=True)
class EvidenceOffer:
    """What was sent. `run` is what `vdw verify` observed; only a runner's counts."""

    kind: str
    report: str = ""
    claim: Mapping[str, Any] | None = None
    run: Mapping[str, Any] | None = None
    repository: str = ""
    commit: str = ""
