"""Revisions as an export holds them: the manifest by its digest, and of its elements those whose bytes are there."""

from __future__ import annotations

from vdw.artifacts.revision import Revision
from vdw.bundle.layout import object_file
from vdw.bundle.opened import BundleError, OpenedFiles, fault_in
from vdw.domain.canonical import Digest
from vdw.domain.manifest import Element, Manifest, element_from_body, manifest_from_json


def held_revision(opened: OpenedFiles, digest: Digest) -> Revision:
    """Raises `BundleError` where the manifest is missing or damaged, or an element is another than it names."""
    body = opened.document(digest)
    with fault_in(object_file(digest)):
        manifest = manifest_from_json(body)
    return Revision(digest, manifest, _elements(opened, manifest))


def _elements(opened: OpenedFiles, manifest: Manifest) -> dict[str, Element]:
    elements: dict[str, Element] = {}
    for ref in manifest.elements:
        path = object_file(ref.digest)
        if path not in opened.files:
            continue
        with fault_in(path):
            element = element_from_body(opened.files[path])
        if (element.id, element.kind) != (ref.id, ref.kind):
            raise BundleError(path, f"is not {ref.id}")
        elements[ref.id] = element
    return elements
