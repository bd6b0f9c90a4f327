"""`Reader` over one connection: every subject's reads, of whatever snapshot the connection's transaction has."""

from __future__ import annotations

from vdw.store.sqlite.bookkeeping import BookkeepingReads
from vdw.store.sqlite.callers import CallerReads
from vdw.store.sqlite.documents import DocumentReads
from vdw.store.sqlite.projects import ProjectReads
from vdw.store.sqlite.trust_log import TrustLogReads


class SqliteReader(ProjectReads, DocumentReads, TrustLogReads, CallerReads, BookkeepingReads):
    __slots__ = ()
