"""The hand of whoever can write the database, but has neither the pin nor a human's key: rows edited behind the
services."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import apsw

from tests.unit.service.walking import Sight, Tenant, Walk
from vdw.domain.canonical import JsonObject, digest_of
from vdw.domain.clock import timestamp
from vdw.domain.fields import flag, number, text
from vdw.domain.ids import PersonId, ProjectId
from vdw.domain.stages import GateVerdict, Lane, Phase, next_phase
from vdw.lifecycle.state import persons
from vdw.trust.acceptance import append
from vdw.trust.envelope import Envelope, sign
from vdw.trust.signer import DecisionSigner
from vdw.trust.statements import DecisionStatement


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


def approval_on(
    walk: Walk, sight: Sight, signer: DecisionSigner, brief: JsonObject, owners: tuple[PersonId, ...] | None = None
) -> Envelope:
    """The signer's approval of what is shown, as signed on this brief, with these owners in place of those it names."""
    trust = sight.scene.trust
    phase = Phase(text(brief["phase"]))
    statement = DecisionStatement(
        verdict=GateVerdict.APPROVE,
        gate=phase,
        tenant=trust.tenant,
        project=ProjectId(text(brief["project"])),
        iteration=number(brief["iteration"]),
        lane=Lane(text(brief["lane"])),
        digest=sight.scene.graph.revisions[phase].digest,
        review=text(brief["review"]),
        brief=digest_of(brief),
        comments=None,
        approver=signer.keyid,
        assurance=signer.assurance,
        owners=persons(brief["contributors"]) if owners is None else owners,
        policy=trust.policy_entry,
        log_head=trust.head,
        previous=trust.last_statement(ProjectId(text(brief["project"]))),
        template=flag(brief["template"]),
        time=timestamp(walk.tenant.clock()),
    )
    return sign(statement.as_statement(), (signer,))


async def enter(walk: Walk, envelope: Envelope) -> None:
    """Puts the approval of the open review into the log, and into the project's row what would follow from it; nobody
    has judged it."""
    tenant = walk.tenant
    trust = tenant.env.store.read(lambda reader: tenant.env.trust.state(reader, tenant.agent.tenant))
    entry, _ = append(trust, envelope, timestamp(tenant.clock()))
    await tenant.env.store.commit(lambda uow: uow.append_entry(entry))
    with edited_state(walk) as state:
        review, work = state["review"], state["phases"][state["current"]]
        approval = {
            "digest": review["digest"],
            "iteration": 1,
            "review": review["id"],
            "envelopes": [envelope.digest()],
        }
        work["approval"] = {**approval, "policy": trust.policy.as_json(), "self_approved": False, "template": False}
        work |= {"stage": "approved", "suspended": False, "rejected": False}
        state["review"] = None
        state["current"] = next_phase(Lane(state["lane"]), Phase(state["current"]))
        if state["current"] is None:
            state["status"] = "completed"
        else:
            state["phases"][state["current"]]["stage"] = "drafting"
