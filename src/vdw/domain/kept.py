"""A property that is worked out once an object and stays with it.

Unlike `functools.cached_property` before Python 3.12, which holds one lock a property for all objects of a class: while
a thread works out a large one, the event loop would wait for the same property of a small one. Here nobody waits; two
threads that ask an object at once both work it out, so it has to be a pure function of what never changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class kept(Generic[T]):  # noqa: N801 - reads as `property` does
    """Decorates a method of a class without slots: the result lies in the object's `__dict__`, under the method's
    name."""

    def __init__(self, work: Callable[[Any], T]) -> None:
        self._work = work
        self.__doc__ = work.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> kept[T]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> T: ...

    def __get__(self, instance: object | None, owner: type) -> kept[T] | T:
        """Called once an object: what lies in `__dict__` is found before a descriptor without `__set__`."""
        if instance is None:
            return self
        result = self._work(instance)
        instance.__dict__[self._name] = result
        return result
