"""Phase 4: what was built, at which commit."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vdw.artifacts.models import fields as f

Commit = Annotated[str, Field(pattern=f.COMMIT)]


class Head(f.Part):
    """The one commit of a repository that this implementation is; evidence counts for no other."""

    repository: f.Line
    commit: Commit


class File(f.Part):
    path: f.Line
    sha256: Annotated[str, Field(pattern=f.SHA256)]
    lines: Annotated[int, Field(ge=0)]


class ChangeSet(f.Part):
    """`implements` names tasks; in the light lane requirements."""

    id: Annotated[str, f.id_of("CHG")]
    title: f.Line
    implements: f.BuiltIds = []
    repository: f.Line
    commit: Commit
    files: Annotated[list[File], Field(max_length=f.MAX_ITEMS)] = []


class Deviation(f.Part):
    id: Annotated[str, f.id_of("DEV")]
    about: f.AnyId
    reason: f.Statement


class Implementation(f.Part):
    schema_: Annotated[Literal["vdw.implementation/1"], Field(alias="schema")] = "vdw.implementation/1"
    drafted_by: f.DraftedBy = "agent"
    heads: Annotated[list[Head], Field(max_length=f.MAX_SHORT_LIST)]
    changes: Annotated[list[ChangeSet], Field(max_length=f.MAX_ITEMS)]
    deviations: Annotated[list[Deviation], Field(max_length=f.MAX_ITEMS)] = []
