"""Text that is shown to nobody by accident: keys on their way from configuration or creation to where they are used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Secret:
    """Text that does not print. `reveal()` is the one way to it."""

    _text: str

    def reveal(self) -> str:
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Secret('…')" if self._text else "Secret('')"

    __str__ = __repr__
