"""`UnitOfWork` over one connection: reads and writes of the transaction that `writer` opened. It commits nothing."""

from __future__ import annotations

from vdw.store.sqlite.bookkeeping import BookkeepingWrites
from vdw.store.sqlite.callers import CallerWrites
from vdw.store.sqlite.documents import DocumentWrites
from vdw.store.sqlite.projects import ProjectWrites
from vdw.store.sqlite.reader import SqliteReader
from vdw.store.sqlite.trust_log import TrustLogWrites


class SqliteUnitOfWork(SqliteReader, ProjectWrites, DocumentWrites, TrustLogWrites, CallerWrites, BookkeepingWrites):
    __slots__ = ()
