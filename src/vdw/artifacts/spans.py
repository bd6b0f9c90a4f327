"""Spans: where in a vibe an element came from, in bytes of its UTF-8 text. A span that points at nothing is refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from vdw.artifacts.faults import fault, refusal
from vdw.artifacts.parts import Parts
from vdw.domain.canonical import JsonObject
from vdw.domain.fields import text
from vdw.domain.manifest import Element, Span


def require_spans(parts: Parts, source: Element, before: Mapping[str, frozenset[Span]]) -> None:
    """Raises `VdwError` (invalid_input) for a span that lies outside the vibe, cuts a character in two, or names
    another vibe than the newest, unless the element had it before: then it was checked when that vibe was the
    newest."""
    words = text(source.content["text"]).encode()
    faults = [
        fault(f"{element.id}.source", rule, _whole(source, words))
        for element in parts.elements
        if element.source is not None and (rule := _broken(element.source, source, words, before.get(element.id, ())))
    ]
    if faults:
        raise refusal(parts.phase, faults)


def _broken(span: Span, source: Element, words: bytes, before: Collection[Span]) -> str:
    """The rule that the span breaks; '' where it is right."""
    if span in before:
        return ""
    if span.src != source.id:
        return f"{span.src} is not the newest vibe; an element keeps the span it had there, and takes no other"
    if not 0 <= span.start < span.end <= len(words):
        return f"{source.id} has {len(words)} bytes; a span lies within them"
    if _cuts(words, span.start) or _cuts(words, span.end):
        return "begins or ends within a character; positions are bytes of the UTF-8 text"
    return ""


def _cuts(words: bytes, position: int) -> bool:
    return position < len(words) and words[position] & 0b1100_0000 == 0b1000_0000


def _whole(source: Element, words: bytes) -> JsonObject:
    return {"src": source.id, "start": 0, "end": len(words)}
