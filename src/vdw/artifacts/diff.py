"""What changed between two revisions of a phase, element by element, as data. Briefs and stale-base answers show it."""

from __future__ import annotations

from collections.abc import Mapping

from vdw.artifacts.revision import Revision
from vdw.domain.canonical import Digest, JsonObject, JsonValue
from vdw.domain.manifest import ElementRef, Manifest, Span


def difference(before: Revision | None, after: Revision) -> list[JsonValue]:
    """One entry an element whose content, source or links are not the same, in the order of the later document, removed
    ones last: {id, kind, change: added|changed|removed, before?, after?, fields?, links_added?, links_removed?,
    links_stamped?}.

    Fields are told by name, `source` last: the same for a revision just made and for one read back.

    `links_stamped` names links that stood before and were made anew for a target that had changed: whoever wrote this
    revision says that the element is still right.
    """
    old = {ref.id: ref for ref in before.manifest.elements} if before else {}
    old_links = _links(before.manifest) if before else {}
    new_links = _links(after.manifest)
    changes: list[JsonValue] = []
    for ref in after.manifest.elements:
        moved = _moved(old_links.get(ref.id, {}), new_links.get(ref.id, {}))
        if old.get(ref.id) != ref or moved:
            changes.append({**_entry(before, after, old.get(ref.id), ref), **moved})
    present = {ref.id for ref in after.manifest.elements}
    for ref in before.manifest.elements if before else ():
        if ref.id not in present:
            gone = {"id": ref.id, "kind": ref.kind.value, "change": "removed", "before": _content(before, ref.id)}
            changes.append(gone)
    return changes


def _entry(before: Revision | None, after: Revision, old: ElementRef | None, ref: ElementRef) -> JsonObject:
    entry: JsonObject = {"id": ref.id, "kind": ref.kind.value, "change": "changed" if old else "added"}
    if old is None:
        return {**entry, "after": _content(after, ref.id)}
    then, now = _content(before, ref.id), _content(after, ref.id)
    if isinstance(then, dict) and isinstance(now, dict):
        names = [name for name in sorted({**then, **now}) if then.get(name) != now.get(name)]
        fields = [_field(name, then.get(name), now.get(name)) for name in names]
    else:  # one of them was erased
        fields = []
        entry["after"] = now
    if old.source != ref.source:
        fields.append(_field("source", _span(old.source), _span(ref.source)))
    return {**entry, "fields": list[JsonValue](fields)} if fields else entry


def _field(name: str, before: JsonValue, after: JsonValue) -> JsonObject:
    return {"field": name, "before": before, "after": after}


def _content(revision: Revision | None, element_id: str) -> JsonValue:
    element = revision.elements.get(element_id) if revision else None
    return element.content if element is not None else None


def _span(span: Span | None) -> JsonValue:
    return {"src": span.src, "start": span.start, "end": span.end} if span else None


def _links(manifest: Manifest) -> dict[str, dict[str, Digest]]:
    """Element → its links, as kind and target → stamp."""
    found: dict[str, dict[str, Digest]] = {}
    for link in manifest.links:
        found.setdefault(link.source, {})[f"{link.kind.value} {link.target}"] = link.stamp
    return found


def _moved(old: Mapping[str, Digest], new: Mapping[str, Digest]) -> JsonObject:
    """What happened to an element's links; only what did."""
    moved: dict[str, list[JsonValue]] = {
        "links_added": [link for link in new if link not in old],
        "links_removed": [link for link in old if link not in new],
        "links_stamped": [link for link in new if link in old and old[link] != new[link]],
    }
    return {name: list[JsonValue](links) for name, links in moved.items() if links}
