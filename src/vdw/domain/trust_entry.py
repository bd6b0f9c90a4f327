"""An entry of a tenant's trust log, as it is stored, exported and verified. What it says is `trust`'s to judge."""

from __future__ import annotations

from dataclasses import dataclass

from vdw.domain.canonical import Digest
from vdw.domain.ids import TenantId


@dataclass(frozen=True, slots=True)
class TrustEntry:
    """One entry of a tenant's trust log. `position` counts from 0; `hash` is over `{prev, envelope, accepted_at}`."""

    tenant: TenantId
    position: int
    prev: Digest
    hash: Digest
    envelope_digest: Digest
    envelope: bytes
    accepted_at: str
