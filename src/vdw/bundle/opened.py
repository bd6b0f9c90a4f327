"""The files of an export while it is verified. Every fault names its file: damaged content is a fault, never a
crash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from vdw.artifacts.markdown import one_line
from vdw.bundle.layout import OBJECTS, object_file
from vdw.domain.canonical import Digest, JsonObject, canonical_bytes, digest_bytes, parse_object
from vdw.errors import VdwError

MAX_JSON_BYTES = 16 * 1024 * 1024
"""Bytes of one document: a manifest of 50,000 elements and their links, or a brief that shows 5,000."""


class BundleError(Exception):
    """A fault of the export: the file, and what is wrong with it."""

    def __init__(self, path: str, fault: str) -> None:
        super().__init__(one_line(f"{path}: {fault}"))


@contextmanager
def fault_in(path: str) -> Iterator[None]:
    """Whatever cannot be read or believed inside is a fault of the file at `path`."""
    try:
        yield
    except VdwError as error:
        detail = f" ({error.reason})" if error.reason != error.public else ""
        raise BundleError(path, f"{error.public}{detail}") from None
    except (KeyError, IndexError, TypeError, ValueError):
        raise BundleError(path, "does not have the form of an export") from None


@dataclass(frozen=True, slots=True)
class OpenedFiles:
    """Path → bytes of a folder, read as they are asked for. Each method raises `BundleError` naming the file that is
    missing or wrong."""

    files: Mapping[str, bytes]

    def file(self, path: str) -> bytes:
        self._require_there(path)
        with fault_in(path):
            return self.files[path]

    def _require_there(self, path: str) -> None:
        if path not in self.files:
            raise BundleError(path, "is missing")

    def json(self, path: str, max_bytes: int = MAX_JSON_BYTES) -> JsonObject:
        """The object in a file that is in canonical form."""
        body = self.file(path)
        with fault_in(path):
            value = parse_object(body, max_bytes=max_bytes)
        if canonical_bytes(value) != body:
            raise BundleError(path, "is not in canonical form")
        return value

    def document(self, digest: str) -> JsonObject:
        """The stored document with this digest; `require_digests` has checked that it has it."""
        return self.json(object_file(Digest(digest)))

    def stored(self) -> dict[Digest, bytes]:
        """Every document, by the digest that its file is named by."""
        return {
            Digest(path.removeprefix(OBJECTS)): body for path, body in self.files.items() if path.startswith(OBJECTS)
        }

    def require_digests(self) -> None:
        """Every file under objects/ has the digest that it is named by."""
        for digest, body in self.stored().items():
            if digest_bytes(body) != digest:
                raise BundleError(object_file(digest), "does not have the digest that it is named by")

    def require_listed(self, listed: Mapping[str, Digest], list_file: str) -> None:
        """Exactly the listed files are there beside the list itself, each with its digest. What is not listed is not
        read."""
        for path in listed:
            self._require_there(path)
        for path in sorted(self.files.keys() - listed.keys() - {list_file}):
            raise BundleError(path, "is not in the signed list of files")
        for path, digest in listed.items():
            if digest_bytes(self.file(path)) != digest:
                raise BundleError(path, "has other bytes than were exported")
