"""Recording evidence: what a report or a claim says, with the trust that its channel earns. The server sets id and
trust.

`run` needs a runner, an observed command and a report of that run; a report alone is `reported`; words alone are
`claimed`. A dirty tree lowers `run` to `reported`; an exit code that disagrees with the report fails it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from vdw.artifacts.evidence import EvidenceRecord, Outcome, RequirementResult, evidence_content
from vdw.artifacts.junit import JUnitReport, read_junit
from vdw.artifacts.naming import Counted
from vdw.domain.canonical import Digest, JsonObject, digest_bytes
from vdw.domain.clock import parse_timestamp, timestamp
from vdw.domain.fields import flag, items, mapping, number, text, texts
from vdw.domain.ids import ElementKind, element_kind
from vdw.domain.principal import Permission, Principal, PrincipalKind
from vdw.domain.trust_level import Trust
from vdw.errors import ErrorCode, VdwError, invalid
from vdw.lifecycle import commands as c
from vdw.lifecycle.phases import decide
from vdw.service.answers import RecordedEvidence
from vdw.service.committing import commit_events, retried
from vdw.service.environment import Environment
from vdw.service.loading import Loaded
from vdw.service.refounded import acting_project
from vdw.service.replays import Call, call_of, remember, replayed
from vdw.service.repositories import counted_here
from vdw.store.interface import EvidenceRow, Reader, UnitOfWork

MAX_CLAIMED = 500
"""Requirements that one claim may name."""
MAX_NOTE_CHARACTERS = 2000
MAX_COMMAND_CHARACTERS = 500
EXIT_CODES = range(-(2**31), 2**32)
"""What systems give: signed 32 bits (a signal is negative), or unsigned ones on Windows."""
MAX_SHOWN = 100
"""Results of one answer; the record has them all."""
_NAMELESS = "It names no requirement, so it verifies none: name tests after requirement ids, such as test_req_001."
_AGAIN = "Mend what failed, commit, and run it again."
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class EvidenceOffer:
    """What was sent. `run` is what `vdw verify` observed; only a runner's counts."""

    kind: str
    report: str = ""
    claim: Mapping[str, Any] | None = None
    run: Mapping[str, Any] | None = None
    repository: str = ""
    commit: str = ""

    def body(self) -> JsonObject:
        return {
            "kind": self.kind,
            "report": self.report,
            "claim": dict(self.claim) if self.claim else None,
            "run": dict(self.run) if self.run else None,
            "repository": self.repository,
            "commit": self.commit,
        }


async def submit_evidence(
    env: Environment, principal: Principal, project: str, offer: EvidenceOffer, *, key: str = ""
) -> RecordedEvidence:
    """Records the evidence. Raises `VdwError`: invalid_input for a report or claim that is none; law (1) before the
    implementation phase. The same offer again, as the newest command, answers the same record."""
    principal.require(Permission.EVIDENCE_SUBMIT)
    report = read_junit(offer.report) if offer.kind == "junit" else None
    if report is None and offer.kind != "claim":
        raise invalid("kind", "junit or claim", "junit")
    return await retried(lambda: _submit(env, principal, project, offer, report, key))


async def _submit(
    env: Environment, principal: Principal, project: str, offer: EvidenceOffer, report: JUnitReport | None, key: str
) -> RecordedEvidence:
    loaded = await acting_project(env, principal, project, Permission.PROJECT_READ)
    call = call_of("submit_evidence", loaded.row.id, offer.body(), key)
    earlier = env.store.read(lambda reader: replayed(reader, env, principal, call, loaded.row.version))
    if earlier is not None:
        return _earlier(env, loaded, earlier.event_version)
    now = timestamp(env.clock())
    if report:
        counted = env.store.read(lambda reader: counted_here(reader, loaded, offer.repository, report))
        record = _from_report(principal, offer, report, counted, now)
    else:
        record = _from_claim(principal, offer, now)
    body = offer.report.encode()
    stored = replace(record, report=digest_bytes(body)) if report else record
    return await _record(env, principal, loaded, stored, body if report else None, call)


async def _record(
    env: Environment, principal: Principal, loaded: Loaded, record: EvidenceRecord, report: bytes | None, call: Call
) -> RecordedEvidence:
    number = env.store.read(lambda reader: reader.newest_evidence_number(loaded.row.id)) + 1
    evidence_id = f"EVD-{number:03}"
    events = decide(loaded.state, c.RecordEvidence(evidence_id, record.trust.value))
    row = EvidenceRow(
        project=loaded.row.id,
        id=evidence_id,
        iteration=loaded.state.iteration,
        record=evidence_content(record),
        report=record.report,
        at=record.measured_at,
    )

    def write(uow: UnitOfWork) -> None:
        if uow.next_evidence_number(loaded.row.id) != number:
            raise VdwError(ErrorCode.CONFLICT, "Other evidence came first.", "Try again.")
        if report is not None:
            uow.put_object(loaded.row.id, Digest(record.report), report)
        uow.add_evidence(row)
        remember(uow, env, principal, call, loaded.row.id, loaded.row.version + len(events))

    await commit_events(env, loaded, events, actor=principal.id, write=write)
    return _answer(loaded, row)


def _from_report(
    principal: Principal, offer: EvidenceOffer, report: JUnitReport, counted: Counted, now: str
) -> EvidenceRecord:
    """Trust by these steps: 1. a report is `reported`; 2. a runner's observed run of it is `run`; 3. but a dirty tree,
    a missing commit, or a report that disagrees with the exit code is believed no further than `reported`; 4. a
    failure of the command or of a suite that is no case's passes nothing; 5. a run that executed no test verifies
    nothing."""
    run = _observed(principal, offer.run)
    broke = run is not None and run.exit_code != 0
    disagrees = run is not None and broke != report.failed
    failed = report.failed or broke
    outcome = Outcome.FAILED if failed else Outcome.PASSED if report.executed else Outcome.NOT_RUN
    believed = run is not None and not run.dirty and bool(offer.commit) and not disagrees
    return EvidenceRecord(
        kind="test_run",
        verifies=_failed(counted.results) if failed and not report.failures else counted.results,
        outcome=outcome,
        trust=Trust.RUN if believed else Trust.REPORTED,
        produced_by=principal.id,
        repository=offer.repository,
        commit=_commit(offer.commit),
        dirty=run.dirty if run else False,
        command=run.command if run else "",
        exit_code=run.exit_code if run else -1,
        started_at=run.started_at if run else "",
        ended_at=run.ended_at if run else "",
        measured_at=now,
        report="",
        tests=report.tests,
        failures=report.failures,
        skipped=report.skipped,
        uncounted=counted.uncounted,
    )


def _failed(results: tuple[RequirementResult, ...]) -> tuple[RequirementResult, ...]:
    """What cases are worth that say nothing of the failure of their command or suite."""
    return tuple(
        replace(result, outcome=Outcome.FAILED) if result.outcome is Outcome.PASSED else result for result in results
    )


def _from_claim(principal: Principal, offer: EvidenceOffer, now: str) -> EvidenceRecord:
    claim = dict(offer.claim or {})
    requirements, outcome, note = claim.get("requirements"), claim.get("outcome"), claim.get("note", "")
    if (
        set(claim) - {"requirements", "outcome", "note"}
        or not isinstance(requirements, list)
        or not requirements
        or len(requirements) > MAX_CLAIMED
        or any(not isinstance(item, str) or element_kind(item) is not ElementKind.REQUIREMENT for item in requirements)
        or outcome not in ("passed", "failed")
        or not isinstance(note, str)
        or len(note) > MAX_NOTE_CHARACTERS
    ):
        raise invalid(
            "claim",
            "{requirements, outcome, note}",
            {"requirements": ["REQ-001"], "outcome": "passed", "note": "tried by hand"},
        )
    said = Outcome(outcome)
    return EvidenceRecord(
        kind="claim",
        verifies=tuple(RequirementResult(item, said) for item in sorted(set(requirements))),
        outcome=said,
        trust=Trust.CLAIMED,
        produced_by=principal.id,
        repository=offer.repository,
        commit=_commit(offer.commit),
        dirty=False,
        command="",
        exit_code=-1,
        started_at="",
        ended_at="",
        measured_at=now,
        report="",
        tests=0,
        failures=0,
        skipped=0,
        note=note,
    )


@dataclass(frozen=True, slots=True)
class Run:
    """What `vdw verify` saw of a command."""

    command: str
    exit_code: int
    dirty: bool
    started_at: str
    ended_at: str


def _observed(principal: Principal, run: Mapping[str, Any] | None) -> Run | None:
    """The run, if a runner says so; what others say of a run is not believed."""
    if run is None or principal.kind is not PrincipalKind.RUNNER:
        return None
    names = ("command", "exit_code", "dirty", "started_at", "ended_at")
    if set(run) != set(names):
        raise invalid("run", f"exactly the fields {', '.join(names)}")
    try:
        seen = Run(
            text(run["command"])[:MAX_COMMAND_CHARACTERS],
            number(run["exit_code"]),
            flag(run["dirty"]),
            text(run["started_at"]),
            text(run["ended_at"]),
        )
    except TypeError as error:
        raise invalid("run", f"a field of another kind: {error}") from None
    if seen.exit_code not in EXIT_CODES:
        raise invalid("run.exit_code", f"from {EXIT_CODES[0]} to {EXIT_CODES[-1]}", 0)
    if parse_timestamp(seen.ended_at, "run.ended_at") < parse_timestamp(seen.started_at, "run.started_at"):
        raise invalid("run.ended_at", "not before the start")
    return seen


def _commit(sent: str) -> str:
    if sent and not _COMMIT.fullmatch(sent):
        raise invalid("commit", "a whole commit id, 40 or 64 hexadecimal characters")
    return sent


def _earlier(env: Environment, loaded: Loaded, version: int) -> RecordedEvidence:
    def read(reader: Reader) -> RecordedEvidence:
        event = reader.events(loaded.row.tenant, loaded.row.id, after=version - 1, limit=1)[0]
        row = next(row for row in reader.evidence(loaded.row.id) if row.id == event.data["evidence"])
        return _answer(loaded, row)

    return env.store.read(read)


def _answer(loaded: Loaded, row: EvidenceRow) -> RecordedEvidence:
    record = row.record
    passed = record["outcome"] == Outcome.PASSED
    return RecordedEvidence(
        project=loaded.row.id,
        evidence=row.id,
        trust=str(record["trust"]),
        outcome=str(record["outcome"]),
        verifies=[{"requirement": item["requirement"], "outcome": item["outcome"]} for item in _results(record)],
        next=f"{_uncounted(loaded, record)} {_next(row, record) if passed else _AGAIN}".strip(),
    )


def _uncounted(loaded: Loaded, record: JsonObject) -> str:
    """Where ids were passed over: which, why, and the form that counts, in one sentence."""
    ids = texts(record.get("uncounted", []))
    if not ids:
        return ""
    more = f" and {len(ids) - 1} more" if len(ids) > 1 else ""
    return (
        f"{ids[0]}{more} counted for no project, because another project names the repository {record['repository']}: "
        f"name tests after {loaded.row.slug}/{ids[0]}, in the name or a property."
    )


def _next(row: EvidenceRow, record: JsonObject) -> str:
    if not items(record["verifies"]):
        return "" if record.get("uncounted") else _NAMELESS
    why = ""
    if record["trust"] == Trust.REPORTED:
        dirty = "the tree was dirty" if record["dirty"] else "no runner observed the run on a commit"
        why = f" Its trust is only reported, because {dirty}."
    return f"List {row.id} in the validation artifact.{why}"


def _results(record: JsonObject) -> list[JsonObject]:
    return [mapping(item) for item in items(record["verifies"])][:MAX_SHOWN]
