"""What the rest of the product asks of a database: one `Store`, read inline, written through units of work.

Law. A unit of work commits whole or not at all; what `Store.commit` returned is on the disk
(`kill -9` and power loss included). A read sees one committed state. No call here reasons, signs or
waits for a person. Two engines give the same answers to one contract suite.

Scope. A verb is about a tenant, or about a project by its id, and answers what belongs to another like what does not
exist. Project ids are random and unique in the store: whoever has one has found it with `project(tenant, …)`, where
the object is authorized. The few verbs without either concern the whole installation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from vdw.domain.canonical import Digest, JsonObject
from vdw.domain.ids import ElementId, PersonId, PrincipalId, ProjectId, TenantId
from vdw.domain.trust_entry import TrustEntry

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """`state` is the fold of the project's events (lifecycle.phases), as `lifecycle.stored` writes it; `version` counts
    them."""

    tenant: TenantId
    id: ProjectId
    slug: str
    title: str
    version: int
    phase: str
    """Current phase, or '' when no iteration is open."""
    stage: str
    """Stage of the current phase, or the status of the last iteration when none is open."""
    stale: bool
    state: str
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """`seq` rises over the whole store and wakes waiters; `version` counts one project's events from 1."""

    seq: int
    tenant: TenantId
    project: ProjectId
    version: int
    type: str
    actor: str
    """Principal id, or approver id for what a signature did."""
    at: str
    data: JsonObject


@dataclass(frozen=True, slots=True)
class RevisionRow:
    project: ProjectId
    phase: str
    revision: int
    iteration: int
    digest: Digest
    submitted_by: PrincipalId
    at: str


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """`record` is the evidence as the server wrote it, trust included; `report` the digest of the stored report or
    ''."""

    project: ProjectId
    id: str
    iteration: int
    record: JsonObject
    report: str
    at: str


@dataclass(frozen=True, slots=True)
class PrincipalRow:
    tenant: TenantId
    id: PrincipalId
    kind: str
    owner: PersonId
    """Person id, or ''."""
    name: str
    permissions: tuple[str, ...]
    created_at: str


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An API key: only the SHA-256 of its secret is kept."""

    id: str
    tenant: TenantId
    principal: PrincipalId
    secret_sha256: str
    created_at: str
    expires_at: str
    """'' for never."""
    revoked_at: str
    last_used_at: str
    """'' for never."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """The tenant's own directory: the only place where a random person id meets a name."""

    tenant: TenantId
    id: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class ReplayRow:
    """An idempotency key with what its call did. The answer is built again from the project as it was at
    `event_version`."""

    tenant: TenantId
    principal: PrincipalId
    key: str
    body: Digest
    project: ProjectId
    event_version: int
    at: str
    unchanged: str = ""
    """Digest of the verdict that stood when the call found nothing to change; '' where the call made that event."""


@dataclass(frozen=True, slots=True)
class Page:
    """`cursor` continues after the last row; '' at the end."""

    rows: tuple[ProjectRow, ...]
    cursor: str


class Reader(Protocol):
    """Reads of one committed state."""

    def tenants(self) -> tuple[tuple[TenantId, str, str], ...]:
        """(id, kind, region) of every tenant, oldest first."""
        ...

    def project(self, tenant: TenantId, project: str) -> ProjectRow | None:
        """By id or by slug."""
        ...

    def projects(
        self,
        tenant: TenantId,
        *,
        phase: str = "",
        stage: str = "",
        stale: bool | None = None,
        limit: int = 50,
        cursor: str = "",
    ) -> Page:
        """Newest first, in an order that does not change while paging."""
        ...

    def slugs(self, tenant: TenantId, words: Sequence[str]) -> frozenset[str]:
        """Those of the words that are the slug of a project."""
        ...

    def project_names(self, tenant: TenantId, prefix: str, *, limit: int) -> tuple[str, ...]:
        """Slugs that begin so, sorted, and behind them ids that do; `limit` of all at most."""
        ...

    def projects_naming(self, tenant: TenantId, repository: str) -> tuple[ProjectId, ...]:
        """Ids of the projects that ever named the repository, sorted."""
        ...

    def events(self, tenant: TenantId, project: ProjectId, *, after: int = 0, limit: int) -> tuple[EventRow, ...]:
        """With version > `after`, ascending, `limit` of them at most."""
        ...

    def newest_events(
        self, tenant: TenantId, project: ProjectId, types: Sequence[str], *, before: int | None = None, limit: int
    ) -> tuple[EventRow, ...]:
        """Of these types, with version < `before` if that is given, descending, `limit` of them at most."""
        ...

    def last_seq(self) -> int: ...

    def projects_since(self, seq: int, *, limit: int) -> frozenset[ProjectId] | None:
        """Of all tenants, those with an event behind this one; None where there are more events than `limit`."""
        ...

    def object(self, project: ProjectId, digest: Digest) -> bytes | None:
        """Bytes of an element, manifest, brief, comment set, report or verdict, content-addressed within its
        project."""
        ...

    def objects(self, project: ProjectId, digests: Sequence[Digest]) -> dict[Digest, bytes]: ...

    def revisions(self, project: ProjectId, phase: str) -> tuple[RevisionRow, ...]: ...

    def revision(self, project: ProjectId, phase: str, revision: int) -> RevisionRow | None: ...

    def element_numbers(self, project: ProjectId) -> dict[ElementId, int]:
        """Element id → its number for life: 1, 2, 3 … within the project, in order of appearance."""
        ...

    def digest_versions(self, project: ProjectId) -> dict[tuple[ElementId, Digest], int]:
        """(element id, digest) → version number: 1, 2, 3 … within the element, in order of appearance."""
        ...

    def bound_ids(self, project: ProjectId) -> frozenset[ElementId]:
        """Ids that an approval has bound: they are never used for anything else."""
        ...

    def evidence(self, project: ProjectId) -> tuple[EvidenceRow, ...]:
        """Oldest first."""
        ...

    def newest_evidence_number(self, project: ProjectId) -> int:
        """0 before the first."""
        ...

    def verdict(self, project: ProjectId, gate: str) -> tuple[Digest, str] | None:
        """The last stored verdict of a gate: facts digest and its JSON as text (`domain.stored_json`)."""
        ...

    def log_entries(self, tenant: TenantId, *, after: int = -1) -> tuple[TrustEntry, ...]: ...

    def log_entry(self, tenant: TenantId, envelope: Digest) -> TrustEntry | None:
        """The entry that this envelope became."""
        ...

    def log_head(self, tenant: TenantId) -> TrustEntry | None: ...

    def principal(self, tenant: TenantId, principal: PrincipalId) -> PrincipalRow | None: ...

    def principals(self, tenant: TenantId) -> tuple[PrincipalRow, ...]:
        """Oldest first; so are keys and persons."""
        ...

    def key(self, key_id: str) -> KeyRow | None: ...

    def keys(self, tenant: TenantId) -> tuple[KeyRow, ...]: ...

    def persons(self, tenant: TenantId) -> tuple[PersonRow, ...]: ...

    def replay(self, tenant: TenantId, principal: PrincipalId, key: str) -> ReplayRow | None: ...

    def setting(self, name: str) -> bytes | None:
        """Installation-wide secrets and marks that belong to the store (server key, request-state keys)."""
        ...


class UnitOfWork(Reader, Protocol):
    """Reads and writes of one transaction. Its writes are seen by its own reads and by nobody else until commit."""

    def add_tenant(self, tenant: TenantId, kind: str, region: str, at: str) -> None: ...

    def add_project(self, row: ProjectRow) -> None:
        """Raises `VdwError` (conflict) if the id or the tenant's slug exists."""
        ...

    def save_project(self, row: ProjectRow, *, expected_version: int) -> None:
        """Raises `VdwError` (conflict) unless the stored version is `expected_version`."""
        ...

    def name_repositories(self, tenant: TenantId, project: ProjectId, repositories: Iterable[str]) -> None:
        """Idempotent; what was once named stays."""
        ...

    def add_event(self, event: EventRow) -> int:
        """Stores the event and returns its `seq` (the one in the row is ignored)."""
        ...

    def put_object(self, project: ProjectId, digest: Digest, body: bytes) -> None:
        """The digest is that of the bytes, which the caller has taken. What stands under it already stays, even other
        bytes: an object is never changed, and whoever rests a decision on one checks its bytes against the digest."""
        ...

    def add_revision(self, row: RevisionRow) -> None: ...

    def number_elements(self, project: ProjectId, refs: Iterable[tuple[ElementId, Digest]]) -> None:
        """Gives every new element id its number and every new (id, digest) its version, in the order given."""
        ...

    def bind_ids(self, project: ProjectId, ids: Iterable[ElementId]) -> None: ...

    def next_evidence_number(self, project: ProjectId) -> int:
        """1 for the first evidence of the project; never the same twice."""
        ...

    def add_evidence(self, row: EvidenceRow) -> None: ...

    def put_verdict(self, project: ProjectId, gate: str, facts: Digest, verdict: str) -> None: ...

    def append_entry(self, row: TrustEntry) -> None:
        """Raises `VdwError` (conflict) unless `prev` is the tenant's head and `position` the next."""
        ...

    def add_principal(self, row: PrincipalRow) -> None: ...

    def add_key(self, row: KeyRow) -> None: ...

    def revoke_key(self, tenant: TenantId, key_id: str, at: str) -> bool:
        """Whether the tenant has such a key. The time of the first revocation stays."""
        ...

    def touch_key(self, key_id: str, at: str) -> None:
        """The key was used at this time."""
        ...

    def put_person(self, row: PersonRow) -> None: ...

    def put_replay(self, row: ReplayRow) -> None: ...

    def drop_replays(self, before: str, *, limit: int) -> int:
        """Forgets those from before the time, oldest first, `limit` of them at most; how many they were."""
        ...

    def put_setting(self, name: str, value: bytes) -> None: ...


class Store(Protocol):
    """A database that is open. `close` waits for what is being written."""

    def read(self, work: Callable[[Reader], T]) -> T:
        """Runs `work` inline on one snapshot. At most a second long."""
        ...

    async def commit(self, work: Callable[[UnitOfWork], T]) -> T:
        """Runs `work` in a savepoint of a group commit and returns once it is durable.

        An exception of `work` undoes its own writes alone and is raised here. `work` is synchronous, quick
        (it holds the write lock) and may run on another thread; it must not touch anything but its unit of work.
        """
        ...

    def close(self) -> None: ...
