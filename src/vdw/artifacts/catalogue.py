"""Which list of which document holds which kind of element, and which of its fields are links. The one table of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vdw.domain.ids import PREFIXES, ElementKind, LinkKind, element_kind
from vdw.domain.stages import Phase


@dataclass(frozen=True, slots=True)
class LinkField:
    """A field that names other elements. `single`: one id, else a list. A field that `stays` is content as well,
    because two fields of its element link to the same kind and the manifest does not say which is which."""

    name: str
    kind: LinkKind
    targets: tuple[ElementKind, ...]
    single: bool = False
    stays: bool = False

    def accepts(self, target: str) -> bool:
        return target[:3] in {PREFIXES[kind] for kind in self.targets}


@dataclass(frozen=True, slots=True)
class Section:
    """One list of a document."""

    name: str
    kind: ElementKind
    links: tuple[LinkField, ...] = ()


_K, _L = ElementKind, LinkKind
_COMPONENT = LinkField("component", _L.DEPENDS_ON, (_K.COMPONENT,), single=True)
_ANY = tuple(kind for kind in PREFIXES if kind is not ElementKind.SOURCE)

SECTIONS: Mapping[Phase, tuple[Section, ...]] = {
    Phase.MOOD: (
        Section("requirements", _K.REQUIREMENT),
        Section("constraints", _K.CONSTRAINT),
        Section("anti_goals", _K.ANTI_GOAL),
        Section("metrics", _K.METRIC),
        Section("questions", _K.QUESTION),
    ),
    Phase.ARCHITECTURE: (
        Section("components", _K.COMPONENT, (LinkField("satisfies", _L.SATISFIES, (_K.REQUIREMENT,)),)),
        Section(
            "interfaces",
            _K.INTERFACE,
            (
                LinkField("provider", _L.DEPENDS_ON, (_K.COMPONENT,), single=True, stays=True),
                LinkField("consumers", _L.DEPENDS_ON, (_K.COMPONENT,), stays=True),
            ),
        ),
        Section(
            "flows",
            _K.FLOW,
            (
                LinkField("sender", _L.DEPENDS_ON, (_K.COMPONENT,), single=True, stays=True),
                LinkField("receiver", _L.DEPENDS_ON, (_K.COMPONENT,), single=True, stays=True),
            ),
        ),
        Section("stores", _K.STORE, (_COMPONENT,)),
        Section("decisions", _K.DECISION),
        Section("risks", _K.RISK),
    ),
    Phase.SPECIFICATION: (
        Section("contracts", _K.CONTRACT, (_COMPONENT, LinkField("satisfies", _L.SATISFIES, (_K.REQUIREMENT,)))),
        Section("data_models", _K.DATA_MODEL),
        Section(
            "tasks",
            _K.TASK,
            (
                LinkField("specifies", _L.SPECIFIES, (_K.CONTRACT,)),
                LinkField("depends_on", _L.DEPENDS_ON, (_K.TASK,)),
            ),
        ),
    ),
    Phase.IMPLEMENTATION: (
        Section("changes", _K.CHANGE, (LinkField("implements", _L.IMPLEMENTS, (_K.TASK, _K.REQUIREMENT)),)),
        Section("deviations", _K.DEVIATION, (LinkField("about", _L.DEPENDS_ON, _ANY, single=True),)),
    ),
    Phase.VALIDATION: (
        Section(
            "outcomes",
            _K.OUTCOME,
            (
                LinkField("metric", _L.DEPENDS_ON, (_K.METRIC,), single=True),
                LinkField("evidence", _L.DEPENDS_ON, (_K.EVIDENCE,)),
            ),
        ),
        Section("gaps", _K.GAP),
    ),
}

SCHEMA_NAMES: Mapping[Phase, str] = {phase: f"vdw.{phase.value}/1" for phase in Phase}

EVIDENCE_FIELD = "evidence"
"""The validation document's list of evidence ids; their elements are the server's records."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element of a kind lives."""

    phase: Phase
    section: Section


PLACES: Mapping[ElementKind, Place] = {
    section.kind: Place(phase, section) for phase, sections in SECTIONS.items() for section in sections
}

_HOMES: Mapping[ElementKind, Phase] = {
    **{kind: place.phase for kind, place in PLACES.items()},
    ElementKind.SOURCE: Phase.MOOD,
    ElementKind.EVIDENCE: Phase.VALIDATION,
}


def home_of(name: str) -> Phase | None:
    """The phase whose revisions hold an element of this id; None where it names no element, or one that each phase
    has."""
    kind = element_kind(name)
    return _HOMES.get(kind) if kind else None
