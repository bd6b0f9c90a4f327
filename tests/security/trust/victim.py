"""A store whose file an attacker can write, and the pin, which they cannot."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import apsw

from tests.unit.trust.chains import TENANT, TIME, Log
from vdw.domain.trust_entry import TrustEntry
from vdw.service.trust_view import TrustView
from vdw.store.interface import UnitOfWork
from vdw.store.sqlite.store import SqliteStore, open_store
from vdw.trust.pin import save_pin
from vdw.trust.state import TrustState


class Victim:
    """A store with a tenant's log, the pin of its owner, and somebody who writes to the database by hand."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "vdw.db"
        self.pin_file = folder / "trust.json"
        self.store: SqliteStore = open_store(self.path, create=True)
        self.view = TrustView(self.pin_file, self.store)

    def keeps(self, log: Log) -> None:
        """The log is written and pinned as the product does it."""

        def work(uow: UnitOfWork) -> None:
            uow.add_tenant(TENANT, "real", "local", TIME)
            for entry in log.entries:
                uow.append_entry(entry)

        asyncio.run(self.store.commit(work))
        save_pin(self.pin_file, TENANT, log.pin)

    def trust(self) -> TrustState:
        """What the server believes now, in a process that has verified before."""
        return self.store.read(lambda reader: self.view.state(reader, TENANT))

    def trust_after_restart(self) -> TrustState:
        return self.store.read(lambda reader: TrustView(self.pin_file, self.store).state(reader, TENANT))

    def announces(self, lost: Log, new: Log) -> None:
        """What `vdw approver refound` does before it commits the entries that `new` has beyond `lost`."""
        self.view.announce(lost.state, new.state)

    def rewrite(self, entries: Sequence[TrustEntry]) -> None:
        """The whole log by hand: whoever has the file drops its triggers first."""
        connection = apsw.Connection(str(self.path))
        for trigger in ("trust_entry_is_never_changed", "trust_entry_is_never_removed"):
            connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        connection.execute("DELETE FROM trust_entry")
        for row in entries:
            connection.execute(
                "INSERT INTO trust_entry VALUES (?, ?, ?, ?, ?, ?, ?)",
                (row.tenant, row.position, row.prev, row.hash, row.envelope_digest, row.envelope, row.accepted_at),
            )
        connection.close()
