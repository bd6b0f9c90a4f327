"""One connection with a few ways to run a statement: values are always bound, failures are always ours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import apsw

from vdw.store.sqlite.faults import storage_fault

Row = tuple[Any, ...]
"""A row as it comes from SQLite. STRICT tables hold what their columns say, so it goes straight into its dataclass."""


class Session:
    """What reads and writes of every subject stand on. For one thread at a time."""

    __slots__ = ("_connection",)

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def _rows(self, statement: str, values: apsw.Bindings = ()) -> list[Row]:
        try:
            rows: list[Row] = self._connection.execute(statement, values).fetchall()
        except apsw.Error as error:
            raise storage_fault(error) from None
        return rows

    def _row(self, statement: str, values: apsw.Bindings = ()) -> Row | None:
        rows = self._rows(statement, values)
        return rows[0] if rows else None

    def _write(self, statement: str, values: apsw.Bindings = ()) -> int:
        """The number of rows that were changed."""
        try:
            self._connection.execute(statement, values)
        except apsw.Error as error:
            raise storage_fault(error) from None
        return self._connection.changes()

    def _write_each(self, statement: str, rows: Iterable[apsw.Bindings]) -> None:
        """The same statement for every row, in their order."""
        try:
            self._connection.executemany(statement, rows)
        except apsw.Error as error:
            raise storage_fault(error) from None
