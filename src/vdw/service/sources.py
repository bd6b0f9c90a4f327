"""The vibe as an object of its own: text as it was given, under a salt, so that its digest tells nothing about it."""

from __future__ import annotations

from vdw.domain.canonical import Digest
from vdw.domain.fields import text
from vdw.domain.ids import ElementId, ElementKind
from vdw.domain.manifest import Element, element_from_body
from vdw.lifecycle.state import ProjectState
from vdw.service.objects import genuine_object
from vdw.store.interface import Reader

SOURCE_SCHEMA = "vdw.source/1"


def source_element(element_id: str, salt: str, vibe: str) -> Element:
    """SRC-n, one an iteration."""
    return Element(ElementId(element_id), ElementKind.SOURCE, SOURCE_SCHEMA, salt, {"text": vibe})


def current_source(reader: Reader, state: ProjectState) -> Element | None:
    """The vibe of the last iteration; None where its bytes were erased."""
    body = genuine_object(reader, state.project, Digest(state.source_digest))
    return element_from_body(body) if body is not None else None


def source_text(element: Element | None) -> str:
    """The vibe word for word; '' where its bytes were erased."""
    return text(element.content["text"]) if element is not None else ""
