"""Strict reading of a predicate: exactly the named fields, each of its type, or a clear refusal with the path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from vdw.domain.canonical import Digest, JsonObject
from vdw.domain.clock import parse_timestamp
from vdw.errors import invalid

MAX_ID_CHARACTERS = 80
"""An id in a statement, in characters. Random ids have 30, the longest rule name less than 40."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_ID_CHARACTERS}}}")

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object being read; `path` names it in refusals."""

    path: str
    value: JsonObject

    def require_exactly(self, *names: str) -> None:
        if set(self.value) != set(names):
            raise invalid(self.path, f"must have exactly the fields {', '.join(names)}")

    def id(self, name: str) -> str:
        found = self._text(name)
        if not _ID.fullmatch(found):
            raise invalid(f"{self.path}.{name}", "an id of letters, digits, _ and -")
        return found

    def digest(self, name: str) -> Digest:
        found = self._text(name)
        if not _DIGEST.fullmatch(found):
            raise invalid(f"{self.path}.{name}", "a SHA-256 digest of 64 lower-case hexadecimal characters")
        return Digest(found)

    def digest_or_empty(self, name: str) -> Digest:
        """Empty for what has no bytes of its own, such as a phase."""
        return Digest("") if self.value.get(name) == "" else self.digest(name)

    def digest_or_null(self, name: str) -> Digest | None:
        return None if self.value.get(name) is None else self.digest(name)

    def time(self, name: str) -> str:
        found = self._text(name)
        parse_timestamp(found, f"{self.path}.{name}")
        return found

    def day(self, name: str) -> str:
        found = self._text(name)
        try:
            correct = date.fromisoformat(found).isoformat() == found
        except ValueError:
            correct = False
        if not correct:
            raise invalid(f"{self.path}.{name}", "a day as YYYY-MM-DD", "2026-12-31")
        return found

    def word(self, name: str, kind: type[E]) -> E:
        try:
            return kind(self._text(name))
        except ValueError:
            raise invalid(f"{self.path}.{name}", f"one of {', '.join(kind)}") from None

    def text(self, name: str) -> str:
        return self._text(name)

    def flag(self, name: str) -> bool:
        found = self.value.get(name)
        if not isinstance(found, bool):
            raise invalid(f"{self.path}.{name}", "true or false")
        return found

    def number(self, name: str) -> int:
        found = self.value.get(name)
        if not isinstance(found, int) or isinstance(found, bool) or found < 1:
            raise invalid(f"{self.path}.{name}", "a whole number from 1")
        return found

    def ids(self, name: str) -> tuple[str, ...]:
        """Sorted, each once."""
        found = self.value.get(name)
        if not isinstance(found, list) or not all(isinstance(item, str) and _ID.fullmatch(item) for item in found):
            raise invalid(f"{self.path}.{name}", "a list of ids")
        texts = [str(item) for item in found]
        if texts != sorted(set(texts)):
            raise invalid(f"{self.path}.{name}", "a sorted list of ids, each once")
        return tuple(texts)

    def object(self, name: str) -> JsonObject:
        found = self.value.get(name)
        if not isinstance(found, dict):
            raise invalid(f"{self.path}.{name}", "an object")
        return found

    def each(self, name: str) -> list[Fields]:
        """The objects of a list that is not empty, each under its own path."""
        found = self.value.get(name)
        if not isinstance(found, list) or not found:
            raise invalid(f"{self.path}.{name}", "a list of objects that is not empty")
        objects: list[Fields] = []
        for index, item in enumerate(found):
            if not isinstance(item, dict):
                raise invalid(f"{self.path}.{name}[{index}]", "an object")
            objects.append(Fields(f"{self.path}.{name}[{index}]", item))
        return objects

    def _text(self, name: str) -> str:
        found = self.value.get(name)
        if not isinstance(found, str):
            raise invalid(f"{self.path}.{name}", "text")
        return found
