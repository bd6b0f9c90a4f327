-- The first schema. Times are UTC text (RFC 3339, whole seconds, Z); digests are SHA-256 in lower-case hexadecimal;
-- JSON is text. `seq` orders by insertion and never leaves the store, except for the event's, which wakes waiters.

-- What made this schema: each file of this folder that was carried out, with the SHA-256 it had.
CREATE TABLE migration (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL,
    sha256 TEXT NOT NULL
) STRICT;

CREATE TRIGGER migration_is_never_changed BEFORE UPDATE ON migration
BEGIN SELECT RAISE(ABORT, 'migrations only go forward'); END;
CREATE TRIGGER migration_is_never_removed BEFORE DELETE ON migration
BEGIN SELECT RAISE(ABORT, 'migrations only go forward'); END;

CREATE TABLE tenant (
    seq        INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL CHECK (kind IN ('real', 'demo')),
    region     TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

-- A tenant's kind and region are for ever.
CREATE TRIGGER tenant_is_never_changed BEFORE UPDATE ON tenant
BEGIN SELECT RAISE(ABORT, 'a tenant is never changed'); END;

-- Projects and what happened to them ---------------------------------------------------------------------------------

-- `state` caches the fold of the project's events.
CREATE TABLE project (
    seq        INTEGER PRIMARY KEY,
    tenant     TEXT NOT NULL REFERENCES tenant (id),
    id         TEXT NOT NULL UNIQUE,
    slug       TEXT NOT NULL,
    title      TEXT NOT NULL,
    version    INTEGER NOT NULL CHECK (version >= 0),
    phase      TEXT NOT NULL,
    stage      TEXT NOT NULL,
    stale      INTEGER NOT NULL CHECK (stale IN (0, 1)),
    state      TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (tenant, id),
    UNIQUE (tenant, slug)
) STRICT;

-- Lists go from newest to oldest, whole or by the filters that may be rare.
CREATE INDEX project_by_age ON project (tenant, seq);
CREATE INDEX project_by_stage ON project (tenant, stage, seq);
CREATE INDEX project_stale ON project (tenant, seq) WHERE stale = 1;

CREATE TABLE event (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant  TEXT NOT NULL,
    project TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    type    TEXT NOT NULL,
    actor   TEXT NOT NULL,
    at      TEXT NOT NULL,
    data    TEXT NOT NULL,
    UNIQUE (project, version),
    FOREIGN KEY (tenant, project) REFERENCES project (tenant, id)
) STRICT;

-- Who created what lately: a repeated `create_project` is recognised by it.
CREATE INDEX event_first ON event (tenant, actor, at) WHERE version = 1;

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END;

-- Documents ----------------------------------------------------------------------------------------------------------

-- Content-addressed within a project. Bytes may be erased one day; they are never rewritten.
CREATE TABLE object (
    project TEXT NOT NULL REFERENCES project (id),
    digest  TEXT NOT NULL,
    body    BLOB NOT NULL,
    PRIMARY KEY (project, digest)
) STRICT;

CREATE TRIGGER object_is_never_changed BEFORE UPDATE ON object
BEGIN SELECT RAISE(ABORT, 'an object is never changed'); END;

CREATE TABLE revision (
    project      TEXT NOT NULL REFERENCES project (id),
    phase        TEXT NOT NULL,
    revision     INTEGER NOT NULL CHECK (revision >= 1),
    iteration    INTEGER NOT NULL,
    digest       TEXT NOT NULL,
    submitted_by TEXT NOT NULL,
    at           TEXT NOT NULL,
    PRIMARY KEY (project, phase, revision)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER revision_is_never_changed BEFORE UPDATE ON revision
BEGIN SELECT RAISE(ABORT, 'a revision is never changed'); END;
CREATE TRIGGER revision_is_never_removed BEFORE DELETE ON revision
BEGIN SELECT RAISE(ABORT, 'a revision is never removed'); END;

-- The numbers that elements and their versions have in the reasoner's facts, for life.
CREATE TABLE element_number (
    project TEXT NOT NULL REFERENCES project (id),
    element TEXT NOT NULL,
    number  INTEGER NOT NULL CHECK (number >= 1),
    PRIMARY KEY (project, element),
    UNIQUE (project, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER element_number_is_never_changed BEFORE UPDATE ON element_number
BEGIN SELECT RAISE(ABORT, 'an element keeps its number for life'); END;
CREATE TRIGGER element_number_is_never_removed BEFORE DELETE ON element_number
BEGIN SELECT RAISE(ABORT, 'an element keeps its number for life'); END;

CREATE TABLE digest_version (
    project TEXT NOT NULL REFERENCES project (id),
    element TEXT NOT NULL,
    digest  TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    PRIMARY KEY (project, element, digest),
    UNIQUE (project, element, version)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER digest_version_is_never_changed BEFORE UPDATE ON digest_version
BEGIN SELECT RAISE(ABORT, 'a digest keeps its version for life'); END;
CREATE TRIGGER digest_version_is_never_removed BEFORE DELETE ON digest_version
BEGIN SELECT RAISE(ABORT, 'a digest keeps its version for life'); END;

CREATE TABLE bound_id (
    project TEXT NOT NULL REFERENCES project (id),
    element TEXT NOT NULL,
    PRIMARY KEY (project, element)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER bound_id_is_never_changed BEFORE UPDATE ON bound_id
BEGIN SELECT RAISE(ABORT, 'an id that was bound is never used again'); END;
CREATE TRIGGER bound_id_is_never_removed BEFORE DELETE ON bound_id
BEGIN SELECT RAISE(ABORT, 'an id that was bound is never used again'); END;

CREATE TABLE evidence_counter (
    project TEXT NOT NULL PRIMARY KEY REFERENCES project (id),
    last    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
    seq       INTEGER PRIMARY KEY,
    project   TEXT NOT NULL REFERENCES project (id),
    id        TEXT NOT NULL,
    iteration INTEGER NOT NULL,
    record    TEXT NOT NULL,
    report    TEXT NOT NULL,
    at        TEXT NOT NULL,
    UNIQUE (project, id)
) STRICT;

CREATE TRIGGER evidence_is_never_changed BEFORE UPDATE ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
CREATE TRIGGER evidence_is_never_removed BEFORE DELETE ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence is never removed'); END;

-- The last verdict of each gate; every one that was decided on is kept as an object.
CREATE TABLE verdict (
    project TEXT NOT NULL REFERENCES project (id),
    gate    TEXT NOT NULL,
    facts   TEXT NOT NULL,
    verdict TEXT NOT NULL,
    PRIMARY KEY (project, gate)
) STRICT;

-- Trust --------------------------------------------------------------------------------------------------------------

CREATE TABLE trust_entry (
    tenant          TEXT NOT NULL REFERENCES tenant (id),
    position        INTEGER NOT NULL CHECK (position >= 0),
    prev            TEXT NOT NULL,
    hash            TEXT NOT NULL,
    envelope_digest TEXT NOT NULL,
    envelope        BLOB NOT NULL,
    accepted_at     TEXT NOT NULL,
    PRIMARY KEY (tenant, position),
    UNIQUE (tenant, prev),
    UNIQUE (tenant, envelope_digest)
) STRICT;

CREATE TRIGGER trust_entry_is_never_changed BEFORE UPDATE ON trust_entry
BEGIN SELECT RAISE(ABORT, 'an entry of the trust log is never changed'); END;
CREATE TRIGGER trust_entry_is_never_removed BEFORE DELETE ON trust_entry
BEGIN SELECT RAISE(ABORT, 'an entry of the trust log is never removed'); END;

-- Who calls ----------------------------------------------------------------------------------------------------------

-- The only table where a random person id meets a name.
CREATE TABLE person (
    seq    INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    id     TEXT NOT NULL,
    name   TEXT NOT NULL,
    UNIQUE (tenant, id)
) STRICT;

CREATE TABLE principal (
    seq         INTEGER PRIMARY KEY,
    tenant      TEXT NOT NULL REFERENCES tenant (id),
    id          TEXT NOT NULL,
    kind        TEXT NOT NULL,
    owner       TEXT NOT NULL,
    name        TEXT NOT NULL,
    permissions TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    revoked_at  TEXT NOT NULL,
    UNIQUE (tenant, id)
) STRICT;

CREATE TABLE api_key (
    seq           INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    tenant        TEXT NOT NULL,
    principal     TEXT NOT NULL,
    secret_sha256 TEXT NOT NULL,
    created_at    TEXT NOT NULL,
    expires_at    TEXT NOT NULL,
    revoked_at    TEXT NOT NULL,
    last_used_at  TEXT NOT NULL,
    FOREIGN KEY (tenant, principal) REFERENCES principal (tenant, id)
) STRICT;

CREATE INDEX api_key_by_tenant ON api_key (tenant, seq);

-- Book-keeping -------------------------------------------------------------------------------------------------------

CREATE TABLE replay (
    tenant        TEXT NOT NULL REFERENCES tenant (id),
    principal     TEXT NOT NULL,
    key           TEXT NOT NULL,
    body          TEXT NOT NULL,
    project       TEXT NOT NULL,
    event_version INTEGER NOT NULL,
    at            TEXT NOT NULL,
    PRIMARY KEY (tenant, principal, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX replay_by_age ON replay (at);

CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
