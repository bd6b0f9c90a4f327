"""A newcomer's public key on its way to an approver who will have it enrolled. Proves nothing by itself.

Whoever passes the file on could put another key in it, so both people compare the key that each of them is shown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from vdw.domain.canonical import parse_object
from vdw.domain.ids import ApproverId, TenantId
from vdw.errors import invalid
from vdw.service.persons import require_name
from vdw.trust.strict_fields import Fields
from vdw.trust.verify_signature import require_public_key

KEY_REQUEST_SCHEMA = "vdw.key-request/1"
MAX_KEY_REQUEST_BYTES = 4096
"""Size of the file, in bytes; ours have about 300."""


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """`approver` is the random id under which the key was made and sealed."""

    tenant: TenantId
    approver: ApproverId
    name: str
    public_key: str

    def body(self) -> bytes:
        value = {
            "schema": KEY_REQUEST_SCHEMA,
            "tenant": self.tenant,
            "approver": self.approver,
            "name": self.name,
            "public_key": self.public_key,
        }
        return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


def read_key_request(body: bytes) -> KeyRequest:
    """Raises `VdwError` (invalid_input, too_large) for anything but exactly such a file."""
    fields = Fields("key request", parse_object(body, max_bytes=MAX_KEY_REQUEST_BYTES))
    fields.require_exactly("schema", "tenant", "approver", "name", "public_key")
    if fields.text("schema") != KEY_REQUEST_SCHEMA:
        raise invalid("key request.schema", KEY_REQUEST_SCHEMA)
    public_key = fields.text("public_key")
    require_public_key(public_key, "key request.public_key")
    return KeyRequest(
        TenantId(fields.id("tenant")), ApproverId(fields.id("approver")), require_name(fields.text("name")), public_key
    )
