"""The brief of the current phase: all that an agent needs to write its artifact, within the size of one answer.

It sends what the phase has still to treat, and the schema once. Texts of artifacts are data in their own fields.
"""

from __future__ import annotations

from vdw.artifacts.catalogue import SECTIONS
from vdw.artifacts.examples import example_of
from vdw.artifacts.schemas import schema_digest as digest_of_schema
from vdw.artifacts.schemas import schema_of
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import items, mapping, text
from vdw.domain.ids import PREFIXES, next_ids
from vdw.domain.principal import Principal
from vdw.domain.stages import Lane, Phase, Stage, phase_number
from vdw.lifecycle.drafter import skeleton as draft_skeleton
from vdw.lifecycle.phases import current_phase
from vdw.service.answers import Brief, FindingView
from vdw.service.cursors import cursor_position
from vdw.service.environment import Environment
from vdw.service.graph import read_graph
from vdw.service.instructions import instructions
from vdw.service.loading import Loaded
from vdw.service.next_steps import FOR_AGENT, Step, in_words, step_of
from vdw.service.project_views import stored_findings
from vdw.service.refounded import read_as_put_back
from vdw.service.room import cut_text, in_room, weight
from vdw.service.scene import Scene
from vdw.service.sources import current_source, source_text
from vdw.service.timeline import feedback_of, shown_feedback
from vdw.store.interface import Reader

BASIS_ROOM = 9_000
"""Room for the basis in one answer (see `room`): about 2,700 of an answer's 6,000 tokens."""
ITEM_ROOM = 4_000
"""Room up to which one item of the basis is shown whole; the artifact's resource has it whole in any case."""
SKELETON_ROOM = 6_000
"""Largest template draft that a brief holds; a larger one is read as a resource."""
CURRENT_ROOM = 6_000
"""Largest current revision that a brief holds whole; a larger one is read as a resource."""

SHOWN_FINDINGS = 20
"""Findings in a brief; get_project shows more."""


def get_brief(
    env: Environment,
    principal: Principal,
    project: str,
    *,
    schema_digest: str = "",
    skeleton: bool = False,
    cursor: str = "",
) -> Brief:
    """The brief of the current phase. Raises `LawRefusal` (8) when no iteration is open."""

    def read(reader: Reader) -> Brief:
        loaded, trust = read_as_put_back(env, reader, principal, project)
        phase = current_phase(loaded.state)
        scene = Scene(loaded, read_graph(reader, loaded.state), trust)
        return _brief(env, reader, scene, phase, schema_digest, skeleton=skeleton, cursor=cursor)

    return env.store.read(read)


def skeleton_document(env: Environment, principal: Principal, project: str) -> JsonObject:
    """The template draft of the current phase, whole. Raises like `get_brief`."""

    def read(reader: Reader) -> JsonObject:
        loaded, _ = read_as_put_back(env, reader, principal, project)
        phase = current_phase(loaded.state)
        revisions = read_graph(reader, loaded.state).revisions
        documents = {other: revision.document() for other, revision in revisions.items()}
        return _skeleton(reader, loaded, documents, phase, source_text(current_source(reader, loaded.state)))

    return env.store.read(read)


def _brief(
    env: Environment, reader: Reader, scene: Scene, phase: Phase, known: str, *, skeleton: bool, cursor: str
) -> Brief:
    loaded, state, graph = scene.loaded, scene.state, scene.graph
    vibe = source_text(current_source(reader, state))
    documents = {other: revision.document() for other, revision in graph.revisions.items()}
    draft = _skeleton(reader, loaded, documents, phase, vibe) if skeleton else None
    size = weight(draft) if draft else 0
    # A draft that fits takes its room from the basis, whose rest the cursor gives.
    room = BASIS_ROOM - (size if size <= SKELETON_ROOM else 0)
    basis, following = _basis(_lists(reader, loaded, documents, phase, vibe), cursor_position(cursor), room)
    current = documents.get(phase)
    whole = current is not None and weight(current) <= CURRENT_ROOM
    digest = digest_of_schema(phase)
    findings = stored_findings(reader, state)
    return Brief(
        project=loaded.row.id,
        phase=phase.value,
        stage=(state.stage or Stage.DRAFTING).value,
        lane=state.lane.value,
        instructions=instructions(state.lane, phase),
        base=graph.revisions[phase].digest if phase in graph.revisions else "",
        schema_digest=digest,
        artifact_schema=None if known == digest else schema_of(phase),
        example=None if known == digest else example_of(phase),
        basis=basis,
        free_ids=_free_ids(reader, scene, phase),
        current=current if whole else None,
        skeleton=draft if size <= SKELETON_ROOM else None,
        feedback=shown_feedback(feedback_of(reader, scene.trust, loaded.row.id, phase)),
        findings=findings[:SHOWN_FINDINGS],
        cursor=following,
        next=_draft_is_a_resource(loaded)
        if size > SKELETON_ROOM
        else "Call get_brief with this cursor for the rest of the basis."
        if following
        else _next(env, scene, findings),
    )


def _draft_is_a_resource(loaded: Loaded) -> str:
    return f"The skeleton is too large for an answer; read the resource vdw://projects/{loaded.row.id}/skeleton."


def _next(env: Environment, scene: Scene, findings: list[FindingView]) -> str:
    found = step_of(scene.state, findings, scene.trust.policy)
    if found.step is Step.WRITE:
        return f"Write the {scene.loaded.row.phase} artifact and submit_artifact."
    return in_words(FOR_AGENT, env, scene.loaded, found)


def _free_ids(reader: Reader, scene: Scene, phase: Phase) -> JsonObject:
    """For each kind that the phase writes the first id behind all that were ever approved or stand now."""
    prefixes = {section.name: PREFIXES[section.kind] for section in SECTIONS[phase]}
    free = next_ids(prefixes.values(), (*reader.bound_ids(scene.state.project), *scene.graph.digests()))
    return {name: free[prefix] for name, prefix in prefixes.items()}


def _basis(lists: list[tuple[str, list[JsonValue]]], start: int, room: int) -> tuple[JsonObject, str]:
    """Named lists of what the phase works from, cut at `room`; the cursor counts items over all lists."""
    basis: JsonObject = {name: [] for name, _ in lists}
    position = 0
    for name, listed in lists:
        taken: list[JsonValue] = []
        basis[name] = taken
        for item in listed:
            position += 1
            if position <= start:
                continue
            shown = in_room(item, ITEM_ROOM)
            room -= weight(shown)
            if room < 0 and (taken or position > start + 1):
                return basis, str(position - 1)
            taken.append(shown)
    return basis, ""


def _lists(
    reader: Reader, loaded: Loaded, documents: dict[Phase, JsonObject], phase: Phase, vibe: str
) -> list[tuple[str, list[JsonValue]]]:
    mood = documents.get(Phase.MOOD, {})
    found: list[tuple[str, list[JsonValue]]] = []
    if phase is Phase.MOOD:
        found.append(("vibe", [*_chunks(vibe)]))
    # What the phase works on comes first, so that it stands in the first answer.
    if phase_number(phase) >= phase_number(Phase.IMPLEMENTATION):
        found.append(("evidence", _evidence(reader, loaded)))
    if phase is Phase.IMPLEMENTATION and Phase.SPECIFICATION in documents and loaded.state.lane is Lane.FULL:
        found += [(name, items(documents[Phase.SPECIFICATION][name])) for name in ("tasks", "contracts")]
    if phase is Phase.VALIDATION and mood:
        found.append(("metrics", items(mood["metrics"])))
    if mood:
        found.append(("requirements", items(mood["requirements"])))
    if phase in (Phase.ARCHITECTURE, Phase.SPECIFICATION) and mood:
        found += [(name, items(mood[name])) for name in ("constraints", "anti_goals")]
    if phase is Phase.SPECIFICATION and Phase.ARCHITECTURE in documents:
        found.append(("components", items(documents[Phase.ARCHITECTURE]["components"])))
    return found


def _chunks(vibe: str) -> list[JsonValue]:
    """The vibe in pieces of which one fits into an answer whole."""
    chunks: list[JsonValue] = []
    while vibe:
        # The quotes of its JSON take room as well.
        chunk = cut_text(vibe[:ITEM_ROOM], ITEM_ROOM)
        chunks.append(chunk)
        vibe = vibe[len(chunk) :]
    return chunks


def _evidence(reader: Reader, loaded: Loaded) -> list[JsonValue]:
    shown: list[JsonValue] = []
    for row in reader.evidence(loaded.row.id):
        if row.iteration == loaded.state.iteration:
            names = ("kind", "outcome", "trust", "repository", "commit", "tests", "failures", "skipped")
            verified = [text(mapping(item)["requirement"]) for item in items(row.record["verifies"])]
            record: JsonObject = {"id": row.id, **{name: row.record[name] for name in names}}
            shown.append({**record, "verifies": [*verified]})
    return shown


def _skeleton(
    reader: Reader, loaded: Loaded, documents: dict[Phase, JsonObject], phase: Phase, vibe: str
) -> JsonObject:
    bound = reader.bound_ids(loaded.row.id)
    return draft_skeleton(phase, loaded.state.lane, vibe, loaded.state.source, documents, bound)
