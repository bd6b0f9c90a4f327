"""Random artifacts: whole documents of every phase, with ids that are unique and links that may point anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from hypothesis import strategies as st

from vdw.artifacts.evidence import EvidenceRecord, Outcome, RequirementResult
from vdw.domain.canonical import JsonObject
from vdw.domain.stages import Phase
from vdw.domain.trust_level import Trust

Drafts = st.SearchStrategy[JsonObject]
Fields = Mapping[str, st.SearchStrategy[Any]]
NO_SURROGATE: tuple[Literal["Cs"]] = ("Cs",)
"""Text that UTF-8 can hold."""

words = st.text(st.characters(exclude_categories=NO_SURROGATE), min_size=1, max_size=30).filter(
    lambda found: bool(found.strip())
)
prose = st.text(st.characters(exclude_categories=NO_SURROGATE), max_size=30)
commits = st.sampled_from(["a" * 40, "b" * 64])
spans = st.tuples(st.integers(0, 40), st.integers(1, 40)).map(
    lambda pair: {"src": "SRC-1", "start": pair[0], "end": pair[0] + pair[1]}
)


def ids(prefix: str) -> st.SearchStrategy[str]:
    return st.integers(1, 12).map(lambda number: f"{prefix}-{number:03}")


def links(prefix: str) -> st.SearchStrategy[list[str]]:
    return st.lists(ids(prefix), max_size=4, unique=True)


def texts() -> st.SearchStrategy[list[str]]:
    return st.lists(words, max_size=3)


def elements(prefix: str, fields: Fields, optional: Fields | None = None) -> st.SearchStrategy[list[JsonObject]]:
    """A list of elements, each id once."""
    one = st.fixed_dictionaries({"id": ids(prefix), **fields}, optional=dict(optional or {}))
    return st.lists(one, max_size=5, unique_by=lambda item: str(item["id"]))


def document(schema: str, required: Fields, optional: Fields) -> Drafts:
    return st.fixed_dictionaries({"schema": st.just(schema), **required}, optional=dict(optional))


source = {"source": spans}
free = {"pattern": st.just("free"), "acceptance": st.lists(words, min_size=1, max_size=2)}
requirements = elements(
    "REQ",
    {"statement": words, **free},
    {
        "priority": st.sampled_from(["must", "should", "could", "wont"]),
        "kind": st.sampled_from(["functional", "data", "security"]),
        "rationale": prose,
        "subject": prose,
        **source,
    },
)
levels = st.sampled_from(["low", "medium", "high"])

moods = document(
    "vdw.mood/1",
    {"requirements": requirements},
    {
        "language": st.sampled_from(["en", "de-AT", "fr", "zh-Hant"]),
        "core_aesthetic": prose,
        "keywords": texts(),
        "drafted_by": st.sampled_from(["agent", "template"]),
        "constraints": elements("CON", {"statement": words}, source),
        "anti_goals": elements("ANT", {"statement": words}, source),
        "metrics": elements(
            "MET",
            {"name": words, "comparison": st.just("at_most"), "target": st.sampled_from(["1", "-0.5"]), "unit": words},
        ),
        "questions": elements("QUE", {"question": words, "blocking": st.booleans()}, {"answer": prose, **source}),
    },
)
architectures = document(
    "vdw.architecture/1",
    {
        "components": elements("CMP", {"name": words, "responsibility": words, "satisfies": links("REQ")}),
    },
    {
        "summary": prose,
        "interfaces": elements("INT", {"name": words, "provider": ids("CMP"), "consumers": links("CMP")}),
        "flows": elements("FLW", {"sender": ids("CMP"), "receiver": ids("CMP"), "data": words}),
        "stores": elements("STO", {"name": words, "holds": words, "component": ids("CMP")}),
        "decisions": elements("ADR", {"title": words, "context": prose, "options": texts(), "choice": words}),
        "risks": elements("RSK", {"risk": words, "probability": levels, "impact": levels}, {"mitigation": prose}),
    },
)
specifications = document(
    "vdw.specification/1",
    {
        "contracts": elements(
            "SPC", {"title": words, "component": ids("CMP")}, {"satisfies": links("REQ"), "errors": texts()}
        ),
        "tasks": elements(
            "TSK", {"title": words}, {"specifies": links("SPC"), "depends_on": links("TSK"), "done_when": texts()}
        ),
    },
    {"data_models": elements("DAT", {"name": words, "fields": texts()}), "summary": prose},
)
implementations = document(
    "vdw.implementation/1",
    {
        "heads": st.just([{"repository": "demo", "commit": "a" * 40}]),
        "changes": elements(
            "CHG", {"title": words, "repository": st.just("demo"), "commit": commits}, {"implements": links("TSK")}
        ),
    },
    {"deviations": elements("DEV", {"about": ids("SPC"), "reason": words})},
)
validations = document(
    "vdw.validation/1",
    {"evidence": links("EVD")},
    {
        "outcomes": elements(
            "OUT",
            {"metric": ids("MET"), "measured": st.just("1.5"), "unit": words, "met": st.booleans()},
            {"evidence": links("EVD")},
        ),
        "gaps": elements("GAP", {"text": words}, {"about": ids("REQ")}),
        "alignment": st.fixed_dictionaries({"rating": st.integers(1, 5), "words": words}),
    },
)
DRAFTS = {
    Phase.MOOD: moods,
    Phase.ARCHITECTURE: architectures,
    Phase.SPECIFICATION: specifications,
    Phase.IMPLEMENTATION: implementations,
    Phase.VALIDATION: validations,
}
drafts = st.sampled_from(Phase).flatmap(lambda phase: st.tuples(st.just(phase), DRAFTS[phase]))
"""(phase, what an agent sends)."""

results = st.builds(RequirementResult, ids("REQ"), st.sampled_from(Outcome), st.lists(words, max_size=3).map(tuple))
counts = st.integers(0, 2**53 - 1)
records = st.builds(
    EvidenceRecord,
    kind=st.sampled_from(["test_run", "claim"]),
    verifies=st.lists(results, max_size=4, unique_by=lambda result: result.requirement).map(tuple),
    outcome=st.sampled_from(Outcome),
    trust=st.sampled_from(Trust),
    produced_by=words,
    repository=prose,
    commit=st.just("") | commits,
    dirty=st.booleans(),
    command=prose,
    exit_code=st.integers(-1, 255),
    started_at=prose,
    ended_at=prose,
    measured_at=prose,
    report=prose,
    tests=counts,
    failures=counts,
    skipped=counts,
    note=prose,
)
