"""What the server signs: the verdict on which a gate was decided, and the list of an export's files.

These vouch for the server's own work, never for a human's, and stand in no trust log.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from vdw.domain.canonical import Digest, JsonObject, parse_object
from vdw.domain.fields import mapping
from vdw.domain.ids import ProjectId, TenantId
from vdw.domain.stages import Phase
from vdw.domain.statement import STATEMENT_TYPE, PredicateType, statement
from vdw.errors import invalid
from vdw.trust.parsing import require_canonical, subject_digest
from vdw.trust.strict_fields import Fields

MAX_FILES = 50_000
"""Files of one export: 500 requirements with everything that hangs from them make about 5,000."""
MAX_STATEMENT_BYTES = 16 * 1024 * 1024
"""A statement of the server, in bytes: `MAX_FILES` files at 250 bytes each."""
MAX_PATH_CHARACTERS = 200
"""A path within an export, in characters, so that its folder can lie deep. Ours have at most 80."""
_PATH = re.compile(r"(?!.*(?:^|/)\.\.?(?:/|$))[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*")
"""A file within an export, on every system the same one: no way out of the folder, no name that means two things."""


@dataclass(frozen=True, slots=True)
class VerdictStatement:
    """The server judged these bytes for this gate. `verdict` is the digest of the whole verdict's JSON."""

    type: ClassVar[PredicateType] = PredicateType.VERDICT
    tenant: TenantId
    project: ProjectId
    iteration: int
    gate: Phase
    digest: Digest
    verdict: Digest
    facts: Digest
    allowed: bool
    log_head: Digest
    """Head of the trust log under which the server vouches for it."""
    time: str

    def as_statement(self) -> JsonObject:
        predicate: JsonObject = {
            "tenant": self.tenant,
            "project": self.project,
            "iteration": self.iteration,
            "gate": self.gate.value,
            "verdict": self.verdict,
            "facts": self.facts,
            "allowed": self.allowed,
            "log_head": self.log_head,
            "time": self.time,
        }
        return statement(self.type, f"vdw:{self.project}/{self.gate.value}", self.digest, predicate)


@dataclass(frozen=True, slots=True)
class FilesStatement:
    """The files that an export of a project consists of: path and digest, sorted by path."""

    type: ClassVar[PredicateType] = PredicateType.FILES
    tenant: TenantId
    project: ProjectId
    log_head: Digest
    """Hash of the last entry of the exported trust log."""
    last_statement: Digest | None
    """Envelope digest of the project's newest decision or waiver, so that a cut export can be told."""
    files: tuple[tuple[str, Digest], ...]
    time: str

    def as_statement(self) -> JsonObject:
        return {
            "_type": STATEMENT_TYPE,
            "subject": [{"name": path, "digest": {"sha256": digest}} for path, digest in self.files],
            "predicateType": self.type.value,
            "predicate": {
                "tenant": self.tenant,
                "project": self.project,
                "log_head": self.log_head,
                "last_statement": self.last_statement,
                "time": self.time,
            },
        }


ServerStatement = VerdictStatement | FilesStatement


def read_server_statement(payload: bytes) -> ServerStatement:
    """The typed statement. Raises `VdwError` (invalid_input, too_large) unless writing it again gives exactly
    `payload`."""
    outer = Fields("statement", parse_object(payload, max_bytes=MAX_STATEMENT_BYTES))
    outer.require_exactly("_type", "subject", "predicateType", "predicate")
    kind = outer.word("predicateType", PredicateType)
    predicate = Fields("statement.predicate", outer.object("predicate"))
    found: ServerStatement
    match kind:
        case PredicateType.VERDICT:
            found = _verdict(outer, predicate)
        case PredicateType.FILES:
            found = _files(outer, predicate)
        case _:
            raise invalid("statement.predicateType", f"{PredicateType.VERDICT} or {PredicateType.FILES}")
    written = found.as_statement()
    predicate.require_exactly(*mapping(written["predicate"]))
    require_canonical(written, payload)
    return found


def _verdict(outer: Fields, predicate: Fields) -> VerdictStatement:
    return VerdictStatement(
        tenant=TenantId(predicate.id("tenant")),
        project=ProjectId(predicate.id("project")),
        iteration=predicate.number("iteration"),
        gate=predicate.word("gate", Phase),
        digest=subject_digest(outer.each("subject")[0]),
        verdict=predicate.digest("verdict"),
        facts=predicate.digest("facts"),
        allowed=predicate.flag("allowed"),
        log_head=predicate.digest("log_head"),
        time=predicate.time("time"),
    )


def _files(outer: Fields, predicate: Fields) -> FilesStatement:
    subjects = outer.each("subject")
    if len(subjects) > MAX_FILES:
        raise invalid("statement.subject", f"at most {MAX_FILES} files")
    files = tuple((_path(subject), subject_digest(subject)) for subject in subjects)
    paths = [path for path, _ in files]
    if paths != sorted(set(paths)):
        raise invalid("statement.subject", "files sorted by path, each once")
    return FilesStatement(
        tenant=TenantId(predicate.id("tenant")),
        project=ProjectId(predicate.id("project")),
        log_head=predicate.digest("log_head"),
        last_statement=predicate.digest_or_null("last_statement"),
        files=files,
        time=predicate.time("time"),
    )


def _path(subject: Fields) -> str:
    found = subject.text("name")
    if len(found) > MAX_PATH_CHARACTERS or not _PATH.fullmatch(found):
        raise invalid(f"{subject.path}.name", "a relative path of plain names", "artifacts/mood.json")
    return found
