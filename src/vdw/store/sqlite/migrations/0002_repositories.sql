-- Projects that ever named a repository in an implementation. Whether one still does, its present revision says: this
-- only tells where to look.
CREATE TABLE repository (
    tenant     TEXT NOT NULL REFERENCES tenant (id),
    repository TEXT NOT NULL,
    project    TEXT NOT NULL REFERENCES project (id),
    PRIMARY KEY (tenant, repository, project)
) STRICT, WITHOUT ROWID;

INSERT INTO repository (tenant, repository, project)
SELECT DISTINCT project.tenant, json_extract(head.value, '$.repository'), project.id
FROM revision
JOIN project ON project.id = revision.project
JOIN object AS manifest ON manifest.project = revision.project AND manifest.digest = revision.digest
JOIN json_each(CAST(manifest.body AS TEXT), '$.elements') AS element ON json_extract(element.value, '$.id') = 'DOC'
JOIN object AS document
    ON document.project = revision.project AND document.digest = json_extract(element.value, '$.digest')
JOIN json_each(CAST(document.body AS TEXT), '$.content.heads') AS head
WHERE revision.phase = 'implementation';
