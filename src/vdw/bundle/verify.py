"""Verifying an export offline: the folder and the pin, nothing else. A bundle's own list of approvers proves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vdw.bundle.content import ExportContent, ExportedRevision
from vdw.bundle.folder import read_folder
from vdw.bundle.layout import EXPORT_SCHEMA, FILES, PROJECT, TRUST_LOG, object_file, verdict_file
from vdw.bundle.rendering import rendered_files, verified_words
from vdw.domain.canonical import Digest, JsonObject, canonical_bytes, digest_bytes, digest_of, parse_object
from vdw.domain.fields import items, mapping, number, text
from vdw.domain.manifest import Element, element_from_body, manifest_from_json
from vdw.domain.stages import Phase
from vdw.errors import VdwError
from vdw.store.interface import EntryRow
from vdw.trust.chain import replay
from vdw.trust.pin import read_pins
from vdw.trust.server_key import verify_files, verify_verdict
from vdw.trust.state import TrustState

MAX_LOG_BYTES = 256 * 1024 * 1024
MAX_MANIFEST_BYTES = 16 * 1024 * 1024

CHECKED = (
    "the trust log descends from the pinned root and holds the pinned head",
    "the list of files is signed by a server key that the log enrolled",
    "exactly the listed files are there, with their bytes",
    "every exported phase is approved by signatures that its policy asked for",
    "manifests, elements, briefs and comments have the digests that were signed",
    "artifacts, vibes and report are what the signed documents say",
    "each gate's verdict is signed by the server",
)
UNCHECKED = (
    "The server, not a human, vouches for the verdicts, the evidence records and the list of files.",
    "Whether later decisions exist that this export does not hold: compare the last statement with the approvers'.",
    "Whether the tests test what they name, and whether the code at the commit is what was built elsewhere.",
)


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """`faults` name the file and what is wrong with it; empty with PASS. `summary` says who approved what."""

    verdict: str
    checked: tuple[str, ...]
    faults: tuple[str, ...]
    unchecked: tuple[str, ...]
    summary: tuple[str, ...]


class BundleError(Exception):
    """A fault of the export: the file, and what is wrong with it."""


def verify_folder(folder: Path, trust_file: Path) -> VerifyReport:
    """Checks everything that can be checked without the store. Raises nothing for a bad export: it answers FAIL."""
    try:
        content = _verified(read_folder(folder), trust_file)
    except BundleError as error:
        return VerifyReport("FAIL", (), (str(error),), UNCHECKED, ())
    except VdwError as error:
        return VerifyReport("FAIL", (), (f"{error.public} ({error.reason})",), UNCHECKED, ())
    return VerifyReport("PASS", CHECKED, (), UNCHECKED, tuple(_summary(content)))


def _verified(files: Mapping[str, bytes], trust_file: Path) -> ExportContent:
    project = _json(files, PROJECT)
    if project.get("schema") != EXPORT_SCHEMA:
        raise BundleError(f"{PROJECT}: not an export that this version knows")
    # 1. The pin names this tenant.
    pin = read_pins(trust_file).require(_text(project, "tenant", PROJECT))
    # 2. The chain replays under the pin.
    entries = _entries(files)
    trust = replay(entries, pin)
    # 3. The list of files is the server's, byte for byte.
    listed = verify_files(trust, _file(files, FILES))
    # 4. Exactly the listed files, each with its digest.
    _require_listed(files, dict(listed.files))
    # 5. Every phase's approval, manifest and elements.
    revisions = {Phase(name): _revision(files, trust, project, Phase(name)) for name in mapping(project["phases"])}
    _require_signed_objects(files, trust, project)
    verdicts = {phase: _verdict(files, trust, revision, phase) for phase, revision in revisions.items()}
    content = ExportContent(
        project=project,
        entries=entries,
        trust=trust,
        revisions=revisions,
        objects={},
        verdicts=verdicts,
        vibes=_vibes(files, project),
    )
    # 6. and 7. What is rendered, rendered again.
    for path, body in rendered_files(content).items():
        if files.get(path) != body:
            raise BundleError(f"{path}: is not what the signed documents say")
    # 8. The last statement of the log is the one that project.json and the server name.
    last = trust.last_statement(text(project["project"]))
    if project["last_statement"] != last or listed.last_statement != last or listed.log_head != trust.head:
        raise BundleError(f"{PROJECT}: names another last statement than the log has")
    return content


def _entries(files: Mapping[str, bytes]) -> tuple[EntryRow, ...]:
    log = _json(files, TRUST_LOG, MAX_LOG_BYTES)
    rows: list[EntryRow] = []
    for raw in items(log["entries"]):
        entry = mapping(raw)
        body = canonical_bytes(entry["envelope"])
        rows.append(
            EntryRow(
                tenant=text(log["tenant"]),
                position=number(entry["position"]),
                prev=Digest(text(entry["prev"])),
                hash=Digest(text(entry["hash"])),
                envelope_digest=digest_bytes(body),
                envelope=body,
                accepted_at=text(entry["accepted_at"]),
            )
        )
    return tuple(rows)


def _require_listed(files: Mapping[str, bytes], listed: Mapping[str, str]) -> None:
    for path in sorted({*files, *listed} - {FILES}):
        if path not in files:
            raise BundleError(f"{path}: is missing")
        if path not in listed:
            raise BundleError(f"{path}: is not in the signed list of files")
        if digest_bytes(files[path]) != listed[path]:
            raise BundleError(f"{path}: has other bytes than were exported")


def _revision(files: Mapping[str, bytes], trust: TrustState, project: JsonObject, phase: Phase) -> ExportedRevision:
    """The approved revision: its manifest has the approved digest, and enough different people signed that digest."""
    told = mapping(mapping(project["phases"])[phase.value])
    digest = Digest(text(told["digest"]))
    body = _object(files, digest)
    manifest = manifest_from_json(parse_object(body, max_bytes=MAX_MANIFEST_BYTES))
    if (manifest.tenant, manifest.project, manifest.phase) != (project["tenant"], project["project"], phase):
        raise BundleError(f"{object_file(digest)}: is the manifest of something else")
    envelopes = [text(item) for item in items(told["envelopes"])]
    if not envelopes or not all(trust.approves(envelope, manifest.project, digest) for envelope in envelopes):
        raise BundleError(f"{PROJECT}: the {phase.value} phase is not approved by the decisions it names")
    statements = [trust.decisions[envelope].statement for envelope in envelopes]
    policy = trust.policies[statements[0].policy]
    owners = {trust.owner_of(statement.approver) for statement in statements}
    if len(owners) < policy.quorum or any(statement.gate is not phase for statement in statements):
        raise BundleError(f"{PROJECT}: the {phase.value} phase has fewer approvals than its policy asked")
    if any(set(statement.owners) != set(manifest.contributors) for statement in statements):
        raise BundleError(f"{PROJECT}: the {phase.value} decisions name other contributors than the manifest")
    if not policy.self_approval and owners & set(manifest.contributors):
        raise BundleError(f"{PROJECT}: a contributor decided on the {phase.value} phase, against the policy")
    elements: dict[str, Element] = {}
    for ref in manifest.elements:
        stored = files.get(object_file(ref.digest))
        if stored is not None:
            elements[ref.id] = element_from_body(stored)
    return ExportedRevision(digest, manifest, elements)


def _require_signed_objects(files: Mapping[str, bytes], trust: TrustState, project: JsonObject) -> None:
    """Every file under objects/ has the digest it is named by; briefs and texts that statements name are there."""
    for path, body in files.items():
        if path.startswith("objects/") and object_file(digest_bytes(body)) != path:
            raise BundleError(f"{path}: does not have the digest that it is named by")
    for accepted in trust.decisions.values():
        found = accepted.statement
        if found.project == project["project"]:
            for named in (found.brief, found.comments):
                if named is not None:
                    _object(files, named)
    for waived in trust.waivers.values():
        if waived.statement.project == project["project"]:
            _object(files, waived.statement.reason)


def _verdict(files: Mapping[str, bytes], trust: TrustState, revision: ExportedRevision, phase: Phase) -> JsonObject:
    path = verdict_file(phase)
    statement = verify_verdict(trust, _file(files, path))
    if (statement.gate, statement.digest) != (phase, revision.digest):
        raise BundleError(f"{path}: is the verdict of something else")
    verdict = parse_object(_object(files, statement.verdict))
    if digest_of(verdict) != statement.verdict or verdict["facts"] != statement.facts:
        raise BundleError(f"{path}: does not fit the verdict it names")
    return verdict


def _vibes(files: Mapping[str, bytes], project: JsonObject) -> dict[str, str]:
    vibes: dict[str, str] = {}
    for source, digest in mapping(project["sources"]).items():
        element = element_from_body(_object(files, Digest(text(digest))))
        vibes[source] = text(element.content["text"])
    return vibes


def _summary(content: ExportContent) -> list[str]:
    project = content.project
    lines = [
        f"{project['title']}: {project['status']}, {project['lane']} lane, iteration {project['iteration']}, "
        f"verified: {verified_words(content)}"
    ]
    for phase in content.phases:
        revision = content.revisions[phase]
        for accepted in content.trust.decisions.values():
            found = accepted.statement
            if found.digest == revision.digest and found.project == project["project"]:
                itself = ", self-approved" if content.trust.owner_of(found.approver) in found.owners else ""
                lines.append(
                    f"{phase.value} revision {revision.manifest.revision}: {found.verdict.value} by {found.approver} "
                    f"({found.assurance.value}{itself}) at {found.time}"
                )
    lines += [
        f"waived until {waived.statement.until}: {waived.statement.rule} by {waived.statement.approver}"
        for waived in content.trust.waivers.values()
        if waived.statement.project == project["project"]
    ]
    if content.trust.lost_roots:
        lines.append(f"the trust log was refounded {len(content.trust.lost_roots)} time(s)")
    if content.trust.kind == "demo":
        lines.append("a demo tenant: its signatures prove nothing about a person")
    lines.append(f"last statement {project['last_statement']}")
    return lines


def _json(files: Mapping[str, bytes], path: str, max_bytes: int = MAX_MANIFEST_BYTES) -> JsonObject:
    body = _file(files, path)
    try:
        value = parse_object(body, max_bytes=max_bytes)
    except VdwError as error:
        raise BundleError(f"{path}: {error.public}") from None
    if canonical_bytes(value) != body:
        raise BundleError(f"{path}: is not in canonical form")
    return value


def _object(files: Mapping[str, bytes], digest: Digest) -> bytes:
    body = _file(files, object_file(digest))
    if digest_bytes(body) != digest:
        raise BundleError(f"{object_file(digest)}: does not have its digest")
    return body


def _file(files: Mapping[str, bytes], path: str) -> bytes:
    if path not in files:
        raise BundleError(f"{path}: is missing")
    return files[path]


def _text(value: JsonObject, name: str, path: str) -> str:
    found = value.get(name)
    if not isinstance(found, str):
        raise BundleError(f"{path}: {name} is missing")
    return found
