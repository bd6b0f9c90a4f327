"""What changed between two revisions of a phase, element by element, as data. Briefs and stale-base answers show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.manifest import Element, Manifest


class RevisionLike(Protocol):
    """A manifest and its elements by id; an erased element is missing."""

    @property
    def manifest(self) -> Manifest: ...

    @property
    def elements(self) -> Mapping[str, Element]: ...


def difference(before: RevisionLike | None, after: RevisionLike) -> list[JsonValue]:
    """One entry an element that is not the same: {id, kind, change: added|changed|removed, before?, after?, fields?,
    links_added?, links_removed?}, in the order of the later document, removed ones last."""
    old = {ref.id: ref.digest for ref in before.manifest.elements} if before else {}
    old_links = _links(before.manifest) if before else {}
    new_links = _links(after.manifest)
    changes: list[JsonValue] = []
    for ref in after.manifest.elements:
        added, removed = _moved(old_links.get(ref.id, []), new_links.get(ref.id, []))
        if old.get(ref.id) == ref.digest and not added and not removed:
            continue
        change: JsonObject = {"id": ref.id, "kind": ref.kind.value}
        change["change"] = "changed" if ref.id in old else "added"
        if old.get(ref.id) != ref.digest:
            change.update(_contents(before, after, ref.id))
        if added:
            change["links_added"] = added
        if removed:
            change["links_removed"] = removed
        changes.append(change)
    present = {ref.id for ref in after.manifest.elements}
    changes += [
        {"id": ref.id, "kind": ref.kind.value, "change": "removed", "before": _content(before, ref.id)}
        for ref in (before.manifest.elements if before else ())
        if ref.id not in present
    ]
    return changes


def _contents(before: RevisionLike | None, after: RevisionLike, element_id: str) -> JsonObject:
    now = _content(after, element_id)
    then = _content(before, element_id)
    if not isinstance(now, dict) or not isinstance(then, dict):
        return {"after": now}
    names = [name for name in {**then, **now} if then.get(name) != now.get(name)]
    return {"fields": [{"field": name, "before": then.get(name), "after": now.get(name)} for name in names]}


def _content(revision: RevisionLike | None, element_id: str) -> JsonValue:
    element = revision.elements.get(element_id) if revision else None
    return element.content if element is not None else None


def _links(manifest: Manifest) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for link in manifest.links:
        found.setdefault(link.source, []).append(f"{link.kind.value} {link.target}")
    return found


def _moved(old: Sequence[str], new: Sequence[str]) -> tuple[list[JsonValue], list[JsonValue]]:
    return [link for link in new if link not in old], [link for link in old if link not in new]
