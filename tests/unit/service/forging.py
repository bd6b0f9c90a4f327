"""The hand of whoever can write the database, but has neither the pin nor a human's key: rows edited behind the services."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import apsw

from tests.unit.service.walking import Tenant, Walk


def execute(tenant: Tenant, sql: str, *values: str | int | bytes) -> None:
    connection = apsw.Connection(str(tenant.store_file))
    connection.execute(sql, values)
    connection.close()


def one(tenant: Tenant, sql: str, *values: str) -> str:
    """The only value that the query finds, as text."""
    connection = apsw.Connection(str(tenant.store_file))
    found = connection.execute(sql, values).get
    connection.close()
    return found.decode() if isinstance(found, bytes) else str(found)


@contextmanager
def edited_state(walk: Walk) -> Iterator[dict[str, Any]]:
    """The state in the project's row, written back as it is left."""
    state: dict[str, Any] = json.loads(one(walk.tenant, "SELECT state FROM project WHERE id = ?", walk.project))
    yield state
    row = (state["current"] or "", state["phases"][state["current"]]["stage"] if state["current"] else state["status"])
    execute(
        walk.tenant,
        "UPDATE project SET state = ?, phase = ?, stage = ? WHERE id = ?",
        json.dumps(state),
        *row,
        walk.project,
    )


def delete_element(walk: Walk, manifest: str, element: str) -> None:
    """The element's bytes are gone; the manifest still names their digest."""
    body = json.loads(one(walk.tenant, "SELECT body FROM object WHERE digest = ?", manifest))
    (digest,) = (ref["digest"] for ref in body["elements"] if ref["id"] == element)
    execute(walk.tenant, "DELETE FROM object WHERE digest = ?", digest)
