"""What a brief must say, as far as signed documents tell: one place for making it and for checking one that was signed.

Who decided was shown the brief and nothing else, so one that says other things than the documents is no brief of
theirs. Its findings, its title, what it says is left out and what it shows of other phases only the server knew; the
export says so.
"""

from __future__ import annotations

from collections.abc import Collection

from vdw.artifacts.diff import difference
from vdw.artifacts.revision import Revision
from vdw.bundle.held import held_revision
from vdw.bundle.layout import object_file
from vdw.bundle.opened import BundleError, OpenedFiles, fault_in
from vdw.domain.canonical import Digest, JsonObject, JsonValue, parse_object
from vdw.domain.fields import items, mapping, text
from vdw.domain.ids import ElementKind
from vdw.domain.stages import Phase
from vdw.trust.state import Accepted, TrustState
from vdw.trust.statements import DecisionStatement
from vdw.trust.votes import newest_approval, unanswered

BRIEF_SCHEMA = "vdw.brief/1"
RENDERER: JsonObject = {"name": "vdw", "version": "1"}
"""Name and version of what turns a brief into views; part of what is signed."""

FIELDS = frozenset(
    {"schema", "salt", "renderer", "review", "tenant", "project", "title", "iteration", "phase", "lane", "revision"}
    | {"digest", "template", "contributors", "policy", "policy_entry", "log_head", "facts", "rules", "engine", "basis"}
    | {"changes", "findings", "questions", "risks", "evidence", "comments"}
)
"""Fields of a brief, no fewer, and no more but `UNLISTED`."""

UNLISTED = "unlisted"
"""Field of a brief at the validation gate, where there is something to say: see `artifacts.unlisted`."""

LISTED: dict[str, tuple[Phase, ElementKind]] = {
    "questions": (Phase.MOOD, ElementKind.QUESTION),
    "risks": (Phase.ARCHITECTURE, ElementKind.RISK),
    "evidence": (Phase.VALIDATION, ElementKind.EVIDENCE),
}
"""Field of a brief → the elements that it lists whole, changed or not."""


def remark(said: DecisionStatement, body: bytes | None) -> JsonObject:
    """The comments of one vote as briefs and agents see them; `body` is None where they were erased."""
    told: JsonObject = {"review": said.review, "verdict": said.verdict.value}
    if body is None:
        return {**told, "comments": [], "erased": said.comments}
    return {**told, "comments": parse_object(body).get("comments", [])}


def listed(field: str, revision: Revision | None) -> list[JsonValue]:
    """What a brief lists of this revision, which is of the field's phase, in the document's order."""
    kind = LISTED[field][1]
    elements = revision.elements.values() if revision else ()
    return [{"id": element.id, **element.content} for element in elements if element.kind is kind]


def basis_of(trust: TrustState, decided: Accepted[DecisionStatement]) -> Digest | None:
    """What the gate had approved last before the review of this decision: what its changes are told against."""
    found = decided.statement
    root = trust.root_at(decided.position)
    newest = newest_approval(trust, found.project, found.gate, root, before=found.review)
    return newest.digest if newest else None


def require_brief(
    opened: OpenedFiles, trust: TrustState, decided: Accepted[DecisionStatement], exported: Collection[Digest]
) -> None:
    """The brief that this decision was signed on says what the log says of it and, as far as they are held, what
    revision and basis say. Both manifests of an exported revision are held. Raises `BundleError`."""
    found = decided.statement
    path, brief = object_file(found.brief), opened.document(found.brief)
    with fault_in(path):
        # 1. It is of what was decided on it, under this log.
        if any(brief.get(name) != value for name, value in _named(found).items()):
            raise BundleError(path, "is the brief of something else than was decided on it")
        if set(brief) - {UNLISTED} != FIELDS or trust.positions[Digest(text(brief["log_head"]))] >= decided.position:
            raise BundleError(path, "is no brief of this log")
        if UNLISTED in brief and (
            found.gate is not Phase.VALIDATION or _ids(mapping(brief[UNLISTED])["records"]) & _ids(brief["evidence"])
        ):
            raise BundleError(path, "names evidence as left out that is not")
        # 2. Policy, basis and earlier comments are those of the log.
        _require(path, brief, _logged(opened, trust, decided))
        # 3. What changed, and what it lists of its own phase, is what the revisions say. What was erased since is not
        #    there to be compared.
        basis = basis_of(trust, decided)
        needed = [Digest(found.digest), *([basis] if basis else [])]
        missing = [digest for digest in needed if object_file(digest) not in opened.files]
        if missing and found.digest not in exported:
            return
        held = [held_revision(opened, digest) for digest in needed]
        if all(len(each.elements) == len(each.manifest.elements) for each in held):
            _require(path, brief, _revised(held[0], held[1] if basis else None))


def _ids(records: JsonValue) -> set[str]:
    return {text(mapping(record)["id"]) for record in items(records)}


def _require(path: str, brief: JsonObject, told: JsonObject) -> None:
    wrong = [name for name, value in told.items() if brief[name] != value]
    if wrong:
        raise BundleError(path, f"says other {', '.join(wrong)} than the signed documents")


def _named(found: DecisionStatement) -> JsonObject:
    return {
        "schema": BRIEF_SCHEMA,
        "renderer": RENDERER,
        "review": found.review,
        "tenant": found.tenant,
        "project": found.project,
        "iteration": found.iteration,
        "phase": found.gate.value,
        "lane": found.lane.value,
        "digest": found.digest,
        "template": found.template,
        "contributors": list(found.owners),
        "policy_entry": found.policy,
    }


def _logged(opened: OpenedFiles, trust: TrustState, decided: Accepted[DecisionStatement]) -> JsonObject:
    found = decided.statement
    said = unanswered(trust, found.project, found.gate, before=found.review)
    return {
        "policy": trust.policies[found.policy].as_json(),
        "basis": basis_of(trust, decided),
        "comments": [remark(each, opened.file(object_file(Digest(each.comments or "")))) for each in said],
    }


def _revised(revision: Revision, basis: Revision | None) -> JsonObject:
    own = {field: listed(field, revision) for field, (phase, _) in LISTED.items() if phase is revision.manifest.phase}
    return {"revision": revision.manifest.revision, "changes": difference(basis, revision), **own}
