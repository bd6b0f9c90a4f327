"""Making the files of an export from its content. The same content gives the same bytes, signatures included: what the
server signs bears the time of the log's last entry, not of the export."""

from __future__ import annotations

from vdw.bundle.content import ExportContent, log_json
from vdw.bundle.layout import FILES, PROJECT, TRUST_LOG, object_file, verdict_file
from vdw.bundle.rendering import rendered_files
from vdw.domain.canonical import Digest, canonical_bytes, digest_bytes, digest_of
from vdw.domain.fields import flag, number, text
from vdw.domain.ids import ProjectId, TenantId
from vdw.trust.envelope import sign
from vdw.trust.server_statements import FilesStatement, VerdictStatement
from vdw.trust.signer import ServerSigner


def build_files(content: ExportContent, signer: ServerSigner) -> dict[str, bytes]:
    """Path → bytes of every file; `files.dsse.json` lists all the others, signed by the server."""
    project = content.project
    time = content.entries[-1].accepted_at
    files = rendered_files(content)
    files[PROJECT] = canonical_bytes(project)
    files[TRUST_LOG] = canonical_bytes(log_json(content.entries))
    for digest, body in content.objects.items():
        files[object_file(digest)] = body
    for phase, verdict in content.verdicts.items():
        statement = VerdictStatement(
            tenant=TenantId(text(project["tenant"])),
            project=ProjectId(text(project["project"])),
            iteration=number(project["iteration"]),
            gate=phase,
            digest=content.revisions[phase].digest,
            verdict=digest_of(verdict),
            facts=Digest(text(verdict["facts"])),
            allowed=flag(verdict["allowed"]),
            log_head=content.trust.head,
            time=time,
        )
        files[verdict_file(phase)] = sign(statement.as_statement(), (signer,)).body()
    listed = FilesStatement(
        tenant=TenantId(text(project["tenant"])),
        project=ProjectId(text(project["project"])),
        log_head=content.trust.head,
        last_statement=content.trust.last_statement(ProjectId(text(project["project"]))),
        files=tuple((path, digest_bytes(files[path])) for path in sorted(files)),
        time=time,
    )
    return {**files, FILES: sign(listed.as_statement(), (signer,)).body()}
