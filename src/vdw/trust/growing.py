"""A mapping that only grows, for states that share their past.

Replaying a log makes one state an entry. With plain dictionaries each would copy all before it; here adding costs
O(log n) on average, and every older state stays what it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Growing(Mapping[K, V]):
    """Immutable. Layers of dictionaries, oldest first; no layer is smaller than the next, so there are O(log n)."""

    __slots__ = ("_layers",)

    def __init__(self, layers: tuple[dict[K, V], ...] = ()) -> None:
        self._layers = layers

    def plus(self, key: K, value: V) -> Growing[K, V]:
        """Another mapping with this item as well; a key that is there already gets the new value."""
        layers = [*self._layers, {key: value}]
        while len(layers) > 1 and len(layers[-2]) <= len(layers[-1]):
            newest = layers.pop()
            layers[-1] = {**layers[-1], **newest}
        return Growing(tuple(layers))

    def __getitem__(self, key: K) -> V:
        for layer in reversed(self._layers):
            if key in layer:
                return layer[key]
        raise KeyError(key)

    def __iter__(self) -> Iterator[K]:
        """In the order in which the keys first came."""
        return iter(self._merged())

    def __len__(self) -> int:
        return len(self._merged())

    def __repr__(self) -> str:
        return f"Growing({self._merged()!r})"

    def _merged(self) -> dict[K, V]:
        merged: dict[K, V] = {}
        for layer in self._layers:
            merged.update(layer)
        return merged
