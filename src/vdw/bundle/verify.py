"""Verifying an export offline: the folder and the pin, nothing else. A bundle's own list of approvers proves
nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vdw.bundle.approved import (
    approved_revision,
    require_course,
    require_signed_documents,
    signed_verdict,
    told_vibes,
)
from vdw.bundle.content import ExportContent, told_root
from vdw.bundle.folder import MAX_LOG_BYTES, read_folder
from vdw.bundle.layout import EXPORT_SCHEMA, FILES, PROJECT, PROJECT_FIELDS, TRUST_LOG
from vdw.bundle.opened import BundleError, OpenedFiles, fault_in
from vdw.bundle.rendering import rendered_files
from vdw.bundle.roots import roots_checked, roots_unchecked
from vdw.bundle.summary import not_held, summary_of
from vdw.domain.canonical import Digest, JsonObject, canonical_bytes, digest_bytes
from vdw.domain.fields import items, mapping, number, text
from vdw.domain.ids import ProjectId, TenantId
from vdw.domain.stages import Phase
from vdw.domain.trust_entry import TrustEntry
from vdw.trust.chain import replay
from vdw.trust.pin import read_pins
from vdw.trust.server_key import verify_files

CHECKED = (
    "the trust log descends from the pinned root and holds the pinned head",
    "the list of files is signed by a server key that the log enrolled",
    "exactly the listed files are there, with their bytes",
    "every exported phase is approved by signatures that its policy asked for",
    "manifests, elements, briefs and comments have the digests that were signed",
    "each brief shows what log, revisions and comments say",
    "artifacts, vibes and report are what the signed documents say",
    "each gate's verdict is signed by the server, and on the facts of the brief that was approved",
    "the last statement is the last that this log has for the project",
)
UNCHECKED = (
    "The server, not a human, vouches for the verdicts, the evidence records, the project's title, status and stages, and the "
    "list of files.",
    "An evidence record is as true as the server and its database: whoever can write that can make up a run, which an "
    "approver would have to notice at the gate.",
    "Of a brief, what only the server knew: title, findings, evidence that the artifact leaves out, and what it shows of "
    "other phases than its own; of what was erased since, or was decided on before the exported revisions, the changes too.",
    "Whether later decisions exist that this export does not hold: compare the last statement with the approvers'.",
    "Whether the tests test what they name, and whether the code at the commit is what was built elsewhere.",
)


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """`faults` name the file and what is wrong with it; empty with PASS, as `checked` is with FAIL. `summary` says who
    approved what. All of it is safe to print: what came from the export is on one line, with its marks made visible."""

    verdict: Literal["PASS", "FAIL"]
    checked: tuple[str, ...]
    faults: tuple[str, ...]
    unchecked: tuple[str, ...]
    summary: tuple[str, ...]


def verify_folder(folder: Path, trust_file: Path) -> VerifyReport:
    """Checks everything that can be checked without the store. Raises nothing for a bad export: it answers FAIL."""
    try:
        with fault_in(str(folder)):
            opened = OpenedFiles(read_folder(folder))
        content = _verified(opened, trust_file)
    except BundleError as error:
        return VerifyReport("FAIL", (), (str(error),), UNCHECKED, ())
    unchecked = (*UNCHECKED, *roots_unchecked(content), *not_held(content))
    return VerifyReport("PASS", (*CHECKED, *roots_checked(content)), (), unchecked, summary_of(content))


def _verified(opened: OpenedFiles, trust_file: Path) -> ExportContent:
    project = opened.json(PROJECT)
    with fault_in(PROJECT):
        if project["schema"] != EXPORT_SCHEMA or set(project) != PROJECT_FIELDS:
            raise BundleError(PROJECT, "is not an export that this version knows")
        tenant, project_id = TenantId(text(project["tenant"])), ProjectId(text(project["project"]))
    # 1. The pin names this tenant.
    with fault_in(str(trust_file)):
        pins = read_pins(trust_file)
    with fault_in(PROJECT):
        pin = pins.require(tenant)
    # 2. The chain replays under the pin.
    log = opened.json(TRUST_LOG, MAX_LOG_BYTES)
    with fault_in(TRUST_LOG):
        entries = _entries(log)
        trust = replay(entries, pin)
    if trust.tenant != tenant:
        raise BundleError(TRUST_LOG, "is the log of another tenant")
    # 3. The list of files is signed by a server key that the log enrolled.
    list_body = opened.file(FILES)
    with fault_in(FILES):
        listed = verify_files(trust, list_body)
    # 4. Exactly the listed files, each with its digest; the list is of this project, over this log; a document has the
    #    digest that it is named by.
    opened.require_listed(dict(listed.files), FILES)
    if (listed.project, listed.log_head) != (project_id, trust.head):
        raise BundleError(FILES, "is the list of another export")
    opened.require_digests()
    # 5. Every phase's approval, under one root that only a completed iteration may have outlived; its manifest and
    #    elements; what the decisions rest on; the course of the iteration.
    with fault_in(PROJECT):
        phases = [Phase(name) for name in mapping(project["phases"])]
        root = told_root(project, trust)
    revisions = {phase: approved_revision(opened, trust, project, phase, root) for phase in phases}
    require_signed_documents(opened, trust, project_id, revisions.values())
    require_course(project, trust, revisions)
    # 6. The server's verdict on which each was approved.
    verdicts = {phase: signed_verdict(opened, trust, revision, root) for phase, revision in revisions.items()}
    vibes = told_vibes(opened, project, revisions)
    content = ExportContent(project, entries, trust, revisions, opened.stored(), verdicts, vibes)
    # 7. What is rendered, rendered again: artifacts, vibes, report.
    _require_rendered(opened.files, content)
    # 8. The last statement of the log is the one that project.json and the server name.
    last = trust.last_statement(project_id)
    if project["last_statement"] != last or listed.last_statement != last:
        raise BundleError(PROJECT, "names another last statement than the log has")
    return content


def _require_rendered(files: Mapping[str, bytes], content: ExportContent) -> None:
    with fault_in(PROJECT):
        rendered = rendered_files(content)
    for path, body in rendered.items():
        if files.get(path) != body:
            raise BundleError(path, "is not what the signed documents say")


def _entries(log: JsonObject) -> tuple[TrustEntry, ...]:
    rows: list[TrustEntry] = []
    for raw in items(log["entries"]):
        entry = mapping(raw)
        body = canonical_bytes(entry["envelope"])
        rows.append(
            TrustEntry(
                tenant=TenantId(text(log["tenant"])),
                position=number(entry["position"]),
                prev=Digest(text(entry["prev"])),
                hash=Digest(text(entry["hash"])),
                envelope_digest=digest_bytes(body),
                envelope=body,
                accepted_at=text(entry["accepted_at"]),
            )
        )
    return tuple(rows)
