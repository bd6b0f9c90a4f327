"""Phase 2: which components answer for which requirements, and what was decided on the way."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vdw.artifacts.models import fields as f

Level = Literal["low", "medium", "high"]


class Component(f.Part):
    id: Annotated[str, f.id_of("CMP")]
    name: f.Line
    responsibility: f.Statement
    kind: f.Line = "module"
    satisfies: f.RequirementIds = []


class Interface(f.Part):
    id: Annotated[str, f.id_of("INT")]
    name: f.Line
    provider: f.ComponentId
    consumers: f.ComponentIds = []
    description: f.Text = ""


class Flow(f.Part):
    id: Annotated[str, f.id_of("FLW")]
    sender: f.ComponentId
    receiver: f.ComponentId
    data: f.Statement


class Store(f.Part):
    id: Annotated[str, f.id_of("STO")]
    name: f.Line
    holds: f.Statement
    component: f.ComponentId


class Decision(f.Part):
    id: Annotated[str, f.id_of("ADR")]
    title: f.Line
    context: f.Text
    options: f.Statements
    choice: f.Statement
    consequences: f.Text = ""


class Risk(f.Part):
    id: Annotated[str, f.id_of("RSK")]
    risk: f.Statement
    probability: Level
    impact: Level
    mitigation: f.Text = ""


class Architecture(f.Part):
    schema_: Annotated[Literal["vdw.architecture/1"], Field(alias="schema")] = "vdw.architecture/1"
    drafted_by: f.DraftedBy = "agent"
    summary: f.Text = ""
    components: Annotated[list[Component], Field(max_length=f.MAX_ITEMS)]
    interfaces: Annotated[list[Interface], Field(max_length=f.MAX_ITEMS)] = []
    flows: Annotated[list[Flow], Field(max_length=f.MAX_ITEMS)] = []
    stores: Annotated[list[Store], Field(max_length=f.MAX_ITEMS)] = []
    decisions: Annotated[list[Decision], Field(max_length=f.MAX_ITEMS)] = []
    risks: Annotated[list[Risk], Field(max_length=f.MAX_ITEMS)] = []
