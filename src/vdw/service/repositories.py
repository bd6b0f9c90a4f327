"""Which project a repository belongs to: the one whose implementation, as it stands, names it among its heads.

Where two do, the id REQ-001 alone in a test's name could be either's, so it counts for neither.
"""

from __future__ import annotations

from vdw.artifacts.junit import JUnitReport
from vdw.artifacts.naming import Counted, counted_for
from vdw.artifacts.verified import head_commits
from vdw.domain.canonical import Digest, parse_object
from vdw.domain.ids import DOCUMENT_ID
from vdw.domain.manifest import element_from_body, manifest_from_json
from vdw.domain.stages import IterationStatus, Phase
from vdw.lifecycle.state import ProjectState
from vdw.lifecycle.stored import state_from_text
from vdw.service.graph import MAX_MANIFEST_BYTES
from vdw.service.loading import Loaded
from vdw.service.objects import genuine_object
from vdw.store.interface import Reader


def counted_here(reader: Reader, loaded: Loaded, repository: str, report: JUnitReport) -> Counted:
    """What the report says of this project's requirements, run in this repository ('' where none was named)."""
    row = loaded.row
    slugs = reader.slugs(row.tenant, sorted({named.before for named in report.results}))
    return counted_for(report.results, row.slug, slugs, shared=_is_anothers(reader, loaded, repository))


def _is_anothers(reader: Reader, loaded: Loaded, repository: str) -> bool:
    """Whether an implementation of another project of the tenant names the repository, as it stands."""
    if not repository:
        return False
    for project in reader.projects_naming(loaded.row.tenant, repository):
        row = reader.project(loaded.row.tenant, project) if project != loaded.row.id else None
        if row is not None and repository in _named_by(reader, state_from_text(row.state)):
            return True
    return False


def _named_by(reader: Reader, state: ProjectState) -> set[str]:
    # What an abandoned iteration built stands no more.
    standing = state.completed if state.status is IterationStatus.ABANDONED else state.phases
    work = standing.get(Phase.IMPLEMENTATION)
    body = genuine_object(reader, state.project, Digest(work.digest)) if work and work.digest else None
    if body is None:
        return set()
    whole = manifest_from_json(parse_object(body, max_bytes=MAX_MANIFEST_BYTES)).element(DOCUMENT_ID)
    stored = genuine_object(reader, state.project, whole.digest) if whole else None
    return {repository for repository, _ in head_commits(element_from_body(stored).content)} if stored else set()
